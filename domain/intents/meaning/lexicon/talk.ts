/** Words that say nothing about the business: politeness, and what holds a sentence together. */
export const talkPhrases = {
  correction: `
    à nhầm, nhầm, nhầm rồi, nhầm nhé, à quên, à lộn, ý lộn, viết lộn, gõ lộn, ghi lộn, nói lộn, lộn rồi, lộn nhé, ý mình là, ý tôi là, ý em là, ý anh là, ý là, à không, à ko, ủa không, ủa nhầm,
    xin lỗi, sorry, sorry nhầm, đính chính, sửa lại, sửa lại là, nói lại, chính xác là, à mà không, không phải mà là, ấy nhầm, ấy chết,
    quên, viết nhầm, gõ nhầm, oops, i mean, i meant, no wait, wait, correction, scratch that, make that, or rather, my mistake, my bad,
    typo, actually, sorry i meant, sorry i mean, wait no, no i mean, sai rồi, let me correct, i meant to say, should be, rectification,
    à mà thôi, à thôi, ơ thôi, thôi lấy, thôi cho, thôi để`,
  corrected: `mới đúng, mới phải, mới chuẩn`,
  slipOrSize: `lộn`,
  cancel: `
    thôi đừng, thôi khỏi, thôi không chuyển nữa, đừng chuyển nữa, không chuyển nữa, khỏi chuyển, thôi bỏ đi, bỏ qua đi, thôi không đổi nữa, không đổi nữa, đừng đổi nữa, đừng đổi gì, đừng thay đổi gì, không thay đổi gì, giữ nguyên hết, giữ nguyên mọi thứ, đừng làm gì, không làm gì,
    never mind, nevermind, forget it, don't switch, do not switch, don't change anything, do not change anything, leave it as it is, leave everything as it is, keep everything as it is, cancel that, don't do anything, do nothing, khoan đã, từ từ đã, khoan hãy chuyển, chưa chuyển vội, thôi không cần nữa, đừng chuyển gì cả, đừng chuyển gì hết`,
  polite: `
    được không, được ko, đc không, đc ko, dc ko, dc không, được chứ, nhé, nha, nhá, giúp mình, giúp tôi, giúp em, giúp, hộ mình, hộ tôi,
    dùm, giùm, làm ơn, vui lòng, xin hãy, nhờ, please, pls, plz, kindly, can you, could you, would you, can we, could we, will you,
    can i have, let's, lets, cho mình, cho tôi, cho em, cho anh, cho shop, cho bên mình, cho công ty, nha shop, nhé shop, shop ơi,
    shop nhé, shop nha, ad ơi`,
  filler: `
    mình, em, anh, ad, chúng tôi, chúng mình, bên mình, bên em, bên tôi, công ty mình, công ty tôi, shop mình,
    doanh nghiệp của tôi, cần, sẽ, xin, ơi, ạ, ah, à, ừ, ừm, dạ, thì, mà thôi, thôi, đi, luôn, ngay, ngay bây giờ,
    liền, giờ, bây giờ, hôm nay, nay, nào, đó, này, kia, ấy, đây, thế, cho, của, các, một, cái, ở, tại, trong, ra,
    vào, lên, xuống, rất, được, phải, nên, kính đề nghị, đề nghị, yêu cầu, kính gửi, xin chào, chào, hello, hi, hey,
    dear, mô hình, mô hình kinh doanh, kinh doanh, hình thức, loại hình, phương thức, dành cho, theo, mới, hẳn,
    hoàn toàn, toàn bộ, duy nhất, thôi nhé, nhé bạn, cảm ơn, thanks, thank you, cám ơn, tks, thank, gồm có, như,
    như trước, như cũ, lại, để, với nhau, mức, khoản, loại, kiểu, cách, quyết định, dự định, định, tính, đồng ý, ok,
    oke, okay, okie, yes, alo, rồi thì, thì thôi, vậy, nè, hen, nghen, á, hả, cụ thể, cụ thể là, như sau, sau,
    chúng ta, tụi mình, tụi em, team mình, bên anh, bên chị, sếp, việc, phần, cả nhà, mình cần, giúp với, xíu, tí,
    chút, lần này, kể từ nay, kể từ hôm nay, từ nay, từ giờ, từ bây giờ, từ hôm nay, nếu có thể, if possible,
    if you can, hiện, xài, sử dụng, i, we, us, our, my, you, your, it, this, that, the, a, an, of, in, on, as, by,
    all, only, just, now, immediately, right away, asap, today, so, well, also, too, me, we'd like to, would like to,
    i'd like to, would like, like to, need to, need, we need, we'll, i'll, will, model, business model, our company,
    shops, like before, as before, again, completely, entirely, fully, new, from now on, starting now, starting today,
    effective immediately, these, those, there, here, are, am, was, been, do, does, let, give, get, has, were, its,
    their, they, he, she, which one, one, ones, choose, pick, month to month, per, each, every, them all, dealing,
    based, basis, on a, basis of, going forward, instead, turn it, make, making, set, setting, put, use, using, paid, đặt,
    đặt thành, đặt là, để là, cài, optional, separate, tùy chọn, tuỳ chọn, thực hiện, tiến hành, bắt đầu, begin, beginning, hết, sang tháng này, tháng này,
    năm nay, tuần này, from today, nếu được thì, đăng ký`,
  compound: `
    cancel anytime, cancel any time, of the month, câu lạc bộ, ô tô, đặt bàn, đặt chỗ, đặt lịch, bàn ghế, bàn ăn, dọn bàn, thiếu nhi, nhi đồng, ad free, cà phê, cà chua, tên miền, bộ phận, cán bộ, nội bộ, đồng bộ, toàn bộ máy, đồ bộ, khăn tắm, phòng tắm, đồ tắm, giặt là, chăm sóc da, trung tâm, tiếng anh, tiếng trung, tiếng nhật, tiếng hàn, tiếng việt,
    tiếng pháp, tiếng đức, hóa đơn điện tử, cho thuê phòng, cho thuê nhà, cho thuê xe, cho thuê máy, cho thuê đồ, thuê phòng, thuê nhà, thuê xe, thuê máy,
    thuê mặt bằng, thuê chỗ, thuê đồ`,
  noun: `
    dịch vụ, sản phẩm, khách, khách hàng, người dùng, người mua, user, users, customer, customers, client, clients,
    people, everyone, hệ thống, service, services, product, products, website, site, platform, system, app, account,
    online, trực tuyến, subscribers, subscriber, members, member, công ty, cài đặt, thiết lập, người, company, cụ,
    trọn gói, simple, good, great, fine, style, mode`,
} as const;
