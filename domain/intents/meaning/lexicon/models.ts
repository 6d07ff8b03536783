/**
 * What the ways of doing business are called. Phrases are apart by commas; capitals, diacritics and hyphens do not count, and
 * of phrases that begin at the same word the longest holds.
 */
export const modelPhrases = {
  retail: `
    selling things, sell things, selling things one by one, selling things one at a time, sell things one at a time, sell things one by one, selling one at a time, buying one by one, buy one by one, buying things one by one, buying single items,
    buying one at a time, paying per item, pay per item, per item, selling stuff, sell stuff, selling individually, sell individually, selling by the piece, sell by the piece, bán theo cái, bán theo món,
    bán lẻ, bán hàng lẻ, bán đứt, bán một lần, bán từng món, bán từng cái, bán từng sản phẩm, bán sản phẩm lẻ, bán hàng một lần,
    mua đứt bán đoạn, mua đứt, bán hàng truyền thống, bán hàng thông thường, bán hàng bình thường, bán theo đơn, bán hàng theo đơn,
    bán từng đơn, thu tiền một lần, bán le, banle, mô hình cửa hàng, mô hình shop, mô hình retail, retail, retailing, one time sales,
    one off sales, one time sale, one time purchases, one off purchases, onetime sales, selling products, selling goods, sell products,
    sell goods, selling items, sell items, product sales, pay once, selling single items, single sales, ecommerce, e commerce,
    regular store, normal shop, plain shop, plain store, shop only, store only, individual sales, mua lẻ, sell one off, sell one offs,
    one off again, bán từng, day pass, day passes, vé lẻ, vé ngày, bán vé lẻ, cả lẻ, vừa lẻ, lẻ và, lẻ lẫn, bán khóa lẻ, bán buổi lẻ, bán món lẻ, bán chiếc lẻ, pay per visit,
    paying per visit, per visit, drop in, drop ins, pay per use, theo lượt, từng lượt, trả theo lượt, trả theo buổi, từng buổi, mua từng, mua từng khóa,
    mua từng cái, mua từng món, selling one off, selling one offs, one off only, one offs only, normal sales, regular sales, usual sales, ordinary sales, everyday sales, counter sales, walk in sales, over the counter sales, sell single, selling single, sell one by one, selling one by one, single purchases, single tickets, vé lượt`,
  shop: `
    cửa hàng, cửa hiệu, cửa tiệm, tiệm, shop, store, webshop, web shop, online shop, online store, bán hàng, đơn hàng lẻ, hàng lẻ, quầy hàng,
    storefront, brick and mortar, khách vãng lai, khách lẻ, khách ghé, walk ins, walk in customers, walk in clients, casual customers, casual visitors`,
  subscription: `
    subscription, subscriptions, subscription model, subscription business, subs, sub, thuê bao, thuebao, mô hình thuê bao, bán thuê bao,
    thu phí định kỳ, trả phí định kỳ, thanh toán định kỳ, phí định kỳ, định kỳ, đăng ký định kỳ, gói định kỳ, thu tiền định kỳ,
    đóng phí định kỳ, thu phí hội viên, hội viên trả phí, thành viên trả phí, hội viên, membership, memberships, membership business,
    membership model, recurring billing, recurring payments, recurring, recurring revenue, recurring subscription, subscription based,
    subscribe, subscribing, subscribe and save, đăng ký theo gói, đăng ký trả phí, bán theo gói, bán gói thành viên, mô hình subscription, mô hình đăng ký,
    đăng ký dài hạn, bán dài hạn, đặt dài hạn, mua dài hạn, saas, trả góp định kỳ, bán đăng ký, mô hình hội viên, thẻ thành viên, thẻ hội viên, tbao, t bao, đăng ký thành viên,
    đăng ký hội viên, thu phí thành viên, đăng ký thuê bao`,
  freemium: `
    freemium, mô hình freemium, freemium model, freemium business, free mium, miễn phí cơ bản, cơ bản miễn phí, bản cơ bản miễn phí,
    phần cơ bản miễn phí, miễn phí phần cơ bản, miễn phí bản cơ bản, cho dùng miễn phí, dùng cơ bản miễn phí, dùng miễn phí, dùng free, cho xài miễn phí, xài miễn phí, xài free,
    sử dụng miễn phí, free to use, free base, base free, free core, free basic, basic free, free basics, basics free, free at the base`,
  multi: `
    multi, multi model, multimodel, multi mode, đa mô hình, nhiều mô hình, hỗn hợp, mô hình hỗn hợp, hybrid, mixed model, mixed, mixed business, đa kênh bán,
    mô hình kết hợp, tất cả mô hình, tất cả các mô hình, mọi mô hình, cả ba mô hình, all models, all three models, every model, all of the models,
    all business models`,
  free: `
    miễn phí, free, gratis, free of charge, không mất tiền, không tốn tiền, không thu tiền, không mất phí, không tính phí, không tính tiền, không thu phí,
    mien phi hoàn toàn, hoàn toàn miễn phí, completely free, for free, no charge`,
} as const;
