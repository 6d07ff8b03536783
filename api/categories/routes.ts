import { viewCategory } from '../../domain/catalogue/categories/category-view';
import { createCategory } from '../../domain/catalogue/categories/create-category';
import { listCategories, presentCategory, readCategory } from '../../domain/catalogue/categories/read-category';
import { updateCategory } from '../../domain/catalogue/categories/update-category';
import { readableEntry } from '../../domain/catalogue/visibility-rules';
import { resourceRoutes } from '../catalogue/resource-routes';
import type { ApiDependencies } from '../dependencies';
import type { Route } from '../http/pipeline/route';
import { CategorySchema, CreateCategoryRequest, ListCategoriesQuery, UpdateCategoryRequest } from './schemas';

/** What products are sorted into (S114). */
export function createCategoriesRoutes(deps: ApiDependencies): Route[] {
  return resourceRoutes(deps, {
    path: 'categories',
    tag: 'Categories',
    name: 'Category',
    called: ['a category', 'categories'],
    reserves: 'category',
    schemas: {
      query: ListCategoriesQuery,
      create: CreateCategoryRequest,
      update: UpdateCategoryRequest,
      answer: CategorySchema,
    },
    texts: {
      list: 'A product that names one that is not there yet makes it (`category` of `POST /products`).',
      read: 'Archived ones are for employees.',
      update: ['Change, archive or bring back a category'],
      archive: ['Archive a category', 'Its products keep it, and no other product is put into it.'],
    },
    create: (tx, { body, id, now }) => createCategory(tx, { category: { ...body, id }, now }),
    list: (tx, { query: { q }, statuses, after, limit }) =>
      listCategories(tx, { statuses, q, after: Number(after ?? 0), limit }),
    read: async (tx, id, isEmployee) => presentCategory(readableEntry(await readCategory(tx, id), isEmployee)),
    update: updateCategory,
    archived: { status: 'archived' },
    view: viewCategory,
  });
}
