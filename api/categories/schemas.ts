import { z } from 'zod';

import { categoryStatuses } from '../../domain/catalogue/categories/category-row';
import { codeName, instant, line, paragraph, searchParameter } from '../http/pipeline/fields';
import { pageParameters } from '../http/pipeline/page';

const features = z.array(codeName).max(100).describe('Codes of features that products of the category have.');

export const CreateCategoryRequest = z.strictObject({
  name: line(100).describe('Unique in the company, whatever its marks and capitals.'),
  description: paragraph(2_000).nullable().optional(),
  features: features.optional(),
});

export const UpdateCategoryRequest = z.strictObject({
  name: line(100)
    .optional()
    .describe('The same words, with other marks or capitals: rules and promotions know it by them.'),
  description: paragraph(2_000).nullable().optional(),
  features: features.optional(),
  status: z.enum(categoryStatuses).optional(),
});

export const ListCategoriesQuery = z.strictObject({
  ...pageParameters,
  q: searchParameter.optional(),
  status: z
    .enum([...categoryStatuses, 'all'])
    .optional()
    .describe('Other than active: employees only.'),
});

export const CategorySchema = z
  .strictObject({
    id: z.int(),
    name: z.string(),
    description: z.string().nullable(),
    features: z.array(z.string()),
    status: z.enum(categoryStatuses),
    createdAt: instant,
    updatedAt: instant,
  })
  .meta({ id: 'Category' });
