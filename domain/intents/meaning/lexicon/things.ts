/** Plans, add-ons and the terms they are sold on. */
export const thingPhrases = {
  plan: `
    gói, các gói, plan, plans, package, packages, tier, tiers, gói cước, gói dịch vụ, gói đăng ký, bậc giá, phiên bản, edition, level, subscription plan, subscription plans, gói thuê bao, gói subscription, gói hội viên,
    gói thành viên, membership plan, gói phí, paid plan, paid tier, gói trả phí, bản trả phí, price plan, pricing plan, option, pass, passes`,
  addon: `
    add on, add ons, addon, addons, adon, tiện ích, tiện ích thêm, tiện ích mở rộng, tính năng thêm, tính năng bổ sung, tính năng trả phí,
    tính năng nâng cao, gói bổ sung, gói mua thêm, dịch vụ cộng thêm, dịch vụ thêm, dịch vụ bổ sung, phần mở rộng, mua thêm, extra,
    extras, paid add on, paid add ons, paid extra, paid extras, upsell, module, mô đun, bolt on, tính năng, feature, features,
    premium feature, premium features, chức năng`,
  named: `tên, tên là, tên gọi, có tên, có tên là, gọi là, mang tên, đặt tên, đặt tên là, called, named, name, with the name, known as`,
  price: `
    giá, với giá, giá là, giá bán, mức giá, mức phí, phí, phí là, tiền, với mức phí, với mức giá, đơn giá, cước, cước phí, hội phí, học phí, lệ phí, giá chỉ, chỉ, có giá, price, priced, priced at, goes for, go for, going for, sells for, for, at, costs, cost, costing, fee, fees, at the price of, at a price of, with a price of, is, là, @, =, rate`,
  cycle: `chu kỳ, kỳ thanh toán, chu kỳ thanh toán, kỳ hạn, billing cycle, billing period, billed, payment period, cycle, interval`,
  trial: `
    free try, free tries, try free, dùng thử, cho dùng thử, xài thử, cho thử, thử nghiệm, trải nghiệm thử, trải nghiệm, dùng thử miễn phí, thử miễn phí, miễn phí dùng thử, trải nghiệm miễn phí, học thử, tập thử, xem thử, dùng thử free, bản dùng thử,
    trial, free trial, trial period, free trial period, try it, try out, try for free, try it free, trials, free trials, trail, test period, testing period, trialing`,
  tax: `thuế suất giá trị gia tăng, thuế suất gtgt, thuế, vat, thuế vat, gtgt, thuế gtgt, thuế giá trị gia tăng, thuế suất, mức thuế, tiền thuế, tax, taxes, tax rate, sales tax, gst, tax of, thuế suất vat`,
  taxFree: `
    miễn thuế, không chịu thuế, không tính thuế, không có thuế, không thu thuế, không áp thuế, không áp dụng thuế, không cộng thuế, không đánh thuế, khỏi thuế, khỏi tính thuế, khỏi thu thuế, tax free, untaxed, zero rated`,
  taxIncluded: `
    đã gồm, đã bao gồm, đã có, gồm thuế, bao gồm thuế, gồm vat, bao gồm vat, giá gồm thuế, đã tính thuế, including tax, including vat, incl vat, inc vat, incl tax, tax included, vat included, tax inclusive, inclusive of tax, inclusive of vat, includes vat,
    includes tax, đã gồm thuế, đã bao gồm thuế, đã gồm vat, đã bao gồm vat, đã có vat, đã có thuế`,
  taxExcluded: `vat not included, tax not included, vat is not included, tax is not included, not including vat, not including tax, chưa kể vat, chưa kể thuế, chưa gồm, chưa bao gồm, chưa có, chưa tính, không bao gồm, không gồm, excluding, excl, exclusive of, plus tax, plus vat, cộng thuế, cộng vat, before tax, before vat, ex vat, chưa thuế, chưa vat`,
  discount: `
    giảm, trừ, được trừ, trừ ngay, giảm giá, khuyến mãi, khuyến mại, khuyến mãi giảm, chiết khấu, ưu đãi, ưu đãi giảm, off, discount, discounted, promotion, promo, voucher, coupon, sale off, bớt, discount of, giảm ngay, giảm thẳng, giảm luôn, giảm hẳn, trừ thẳng, được giảm, deal, save, km, sale, nửa giá, half price, half off`,
  audience: `
    khách cũ, khách hàng cũ, khách hiện tại, khách hàng hiện tại, khách quen, khách hàng quen, khách thân thiết, khách hàng thân thiết, khách thân, khách ruột, khách mối, hội viên cũ, thành viên cũ, existing customers, existing users, existing members, existing subscribers,
    current customers, current users, current members, current subscribers, loyal customers, loyal members, regular customers, regulars, old customers, mondays, tuesdays, wednesdays, thursdays, fridays, saturdays, sundays,
    thứ hai, thứ ba, thứ tư, thứ năm, thứ sáu, thứ bảy, chủ nhật`,
  code: `khi khách nhập mã, khi khách dùng mã, khi khách hàng nhập mã, khách nhập mã, nếu nhập mã, nếu khách nhập mã, nếu dùng mã, nếu có mã, if customers enter code, if customers use code, when customers use code, when customers enter code, if they enter code, if you enter code, when you enter code, khi dùng mã, khi nhập mã, khi sử dụng mã, khi áp mã, khi áp dụng mã, khi nhập code, khi dùng code, dùng mã, sử dụng mã, áp mã, nhập code, when you use code, when you use the code, when they use code, when they use the code, when using code,
    when using the code, if you use code, if they use code, if they use the code, using code, using the code, use the code, enter code, enter the code, entering code, when entering code, mã giảm giá, mã khuyến mãi, mã ưu đãi, mã code, nhập mã, code, promo code, coupon code, discount code, voucher code, with code, use code`,
  forEver: `mãi mãi, trọn đời sử dụng, forever, for ever, vĩnh viễn giảm, suốt, for life, always, trong suốt thời gian sử dụng`,
  once: `one time purchase, one off purchase, single purchase, one time charge, one off payment, one off fee, một lần, 1 lần, mua một lần, mua 1 lần, trả một lần, trả 1 lần, thu một lần, dùng mãi, one time, onetime, one off, once, one time fee, one time payment, lifetime, trọn đời, vĩnh viễn, a single payment, single payment, chỉ trả một lần`,
  perSeat: `
    /chỗ ngồi, mỗi chỗ ngồi, từng chỗ ngồi, theo từng chỗ ngồi, tính theo từng chỗ ngồi, từng chỗ, theo từng chỗ, tính theo chỗ ngồi, theo chỗ ngồi, /người, /user, /seat, /nhân viên, /tài khoản, /ghế, /thành viên, /nhân sự, /đầu người, /member, /person, /employee, /agent, /head, /chỗ, /ng, /người dùng, /học viên, /account, mỗi người, mỗi người dùng, mỗi nhân viên, mỗi tài khoản, mỗi ghế,
    mỗi thành viên, mỗi user, mỗi nhân sự, mỗi đầu người, mỗi học viên, mỗi chỗ, mỗi seat, một người, 1 người, một người dùng, 1 user, một nhân viên, trên đầu người, trên mỗi người, trên mỗi người dùng, cho mỗi người, cho mỗi người dùng, cho mỗi nhân viên,
    cho mỗi tài khoản, theo đầu người, tính theo đầu người, theo số người, theo số người dùng, theo người dùng, tính theo người dùng, tính theo người, tính theo ghế, tính theo số ghế, tính theo nhân viên, theo số nhân viên, theo ghế, theo từng người, theo từng người dùng,
    per seat, per user, per person, per member, per head, per employee, per agent, per account, per team member, each user, each seat, each person, a seat, a user, a head, a person, for each user, for each seat, for every user, for every seat, every user, seat based, user based, per licensed user, each employee, for each employee, for each person, for each member, seats cost, each seat costs, a seat costs, users cost, each user costs, each user pays, users pay, seats at, users at`,
  all: `đều, tất cả, tất cả các gói, mọi gói, cả hai, cả hai gói, cả 2, cả 2 gói, cả ba gói, cả 3 gói, các gói đều, all plans, both plans, all of them, on all plans, for all plans, every plan, for every plan, on every plan, on both plans, for both plans`,
  tier: `
    basic, pro, premium, standard, plus, starter, enterprise, business, team, teams, personal, family, families, couple, couples, individual, individuals, adults, kids, children, seniors, student, students, gold, silver, bronze, platinum, vip, lite, ultimate, advanced, growth, max, mini, solo,
    cơ bản, nâng cao, cao cấp, chuyên nghiệp, tiêu chuẩn, phổ thông, vàng, bạc, kim cương, gia đình, cá nhân, doanh nghiệp, sinh viên, học sinh, người lớn, trẻ em, cặp đôi, giáo viên, thường, đặc biệt, nhóm`,
} as const;

/** Add-ons that are known by several names, with the key that all of them get. Others get the key that their name makes. */
export const addonPhrases = {
  storage: `extra storage, storage, lưu trữ, kho lưu trữ, dung lượng, dung lượng lưu trữ, bộ nhớ, thêm dung lượng, more storage, additional storage, cloud storage, lưu trữ đám mây`,
  'ai-assistant': `ai assistant, trợ lý ai, trợ lý ảo, trợ lý a i, ai helper, trợ lý thông minh`,
  'priority-support': `priority support, hỗ trợ ưu tiên, hỗ trợ 24/7, premium support, ưu tiên hỗ trợ, chăm sóc ưu tiên`,
  ai: `ai`,
  users: `extra users, additional users, more users`,
  'ad-removal': `ad removal, ads removal, remove ads, removing ads, no ads, gỡ quảng cáo, bỏ quảng cáo, tắt quảng cáo, xóa quảng cáo, không quảng cáo, không có quảng cáo`,
  backup: `backup, sao lưu, backups, sao lưu dữ liệu, daily backup`,
} as const;
