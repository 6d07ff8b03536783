/** What is to be done with a model, a plan or an add-on. */
export const deedPhrases = {
  toward: `
    swap us over to, swap us to, swap over to, swap to, move us over to, switch us over to, sang, qua, thành, chuyển sang, chuyển qua, chuyển thành, chuyển về, chuyển đổi sang, chuyển đổi qua, chuyển đổi thành,
    chuyển hẳn sang, chuyển hẳn qua, đổi sang, đổi qua, đổi thành, đổi về, biến thành, trở thành, trở về, trở lại, quay lại, quay về,
    quay trở lại, quay trở về, về lại, theo mô hình, lên mô hình, áp dụng, triển khai, dùng mô hình, chạy mô hình, làm mô hình,
    kinh doanh theo, kinh doanh kiểu, hoạt động theo, sang mô hình, sang hình thức, dưới hình thức, theo dạng, dưới dạng, sang dạng, qua dạng, thành dạng, chuyển hướng sang, to, into,
    switch to, switch over to, move to, move over to, moving to, change to, go to, go, going, go back to, go to, back to, back to being,
    return to, revert to, become, becoming, turn into, convert to, transition to, migrate to, adopt, be, make us, run as, operate as,
    use the, pivot to, shift to, start, launch, chỉ còn, chỉ làm, only do, just do, ->, →, =>, >, change 2, switch 2, go 2, move 2,
    make it`,
  change: `
    chuyển, chuyển đổi, đổi, thay đổi, biến, switch, change, move, convert, transform, turn, migrate, transition, switching, changing, moving, pivot, shift`,
  from: `từ, đang từ, from, away from`,
  now: `
    đang, hiện đang, hiện tại đang, hiện tại, hiện nay, bây giờ đang, trước giờ, trước đây, lúc trước, hồi trước, trước kia, ban đầu, lâu nay, xưa nay, trước nay, hồi giờ, từ trước tới giờ, từ trước đến giờ, từ trước đến nay,
    we tried, tried, đã thử, từng thử, currently, right now we are, at the moment, until now, so far, up to now, used to, used to be, previously, formerly, originally, at first, was, were, today we, we are a, we run a, we run, i run a, i run, i own a, we own a, we have a, i have a`,
  keep: `
    giữ, cứ bán, cứ để, cứ giữ, vẫn cứ, vẫn cứ bán, vẫn cứ để, vẫn giữ, giữ nguyên, vẫn, vẫn còn, tiếp tục, vẫn tiếp tục, duy trì, vẫn duy trì, vẫn cho, song song, song song với, bên cạnh,
    ngoài, cùng với, cùng lúc, đồng thời, kết hợp, kết hợp với, vừa, cả, lẫn, vẫn muốn giữ, không ngừng, không chỉ, không những, chưa bỏ,
    not touching, don't touch, do not touch, without touching, not affected, is not affected, isn't affected, unaffected, unchanged, isn't going anywhere, is not going anywhere, không đụng tới, không đụng đến, không động tới, không động đến,
    không ảnh hưởng, không ảnh hưởng tới, không ảnh hưởng đến, keep, keeping, leave, leaving, carry on, carries on, goes on, continues, continue to, retain, hold on to, hang on to, untouched, để nguyên, để yên, y nguyên, vẫn hoạt động, vẫn chạy, still, still keep, continue, stay, remain, alongside, as well as, in addition to, on top of, besides, beside, next to,
    both, not only, don't close, without closing, without stopping, without dropping, without giving up, maintain, combine,
    in parallel with, in parallel to, together with, stays, stays open, remains, remains open, stay open`,
  drop: `
    leave out, leaving out, undo, do away with, doing away with, move away from, moving away from, tạm dừng, tạm ngưng, tạm ngừng, tạm nghỉ, bỏ, bỏ luôn, bỏ hẳn, ngừng, ngưng, dừng làm, ngừng làm, thôi làm, nghỉ, nghỉ làm, đóng cửa, đóng hẳn, đóng luôn, dẹp, dẹp luôn, dẹp bỏ, tắt, loại bỏ,
    chấm dứt, khai tử, xóa sổ, giải thể, nghỉ bán, thôi bán, ngưng bán, kết thúc, hủy, hủy bỏ, từ bỏ, dừng lại, thay, thay mô hình, thay vì, thay cho, thay thế, thay thế cho, chứ không, chứ không phải, instead of,
    rather than, in place of, stop, stop being, stop doing, quit, drop, end, close, close down, shut, shut down, get rid of, give up,
    give up on, cease, discontinue, abandon, ditch, remove, swap, cancel, cancelling, canceling, scrap, axe, eliminate, retire, wind down, no more, done with, tired of, replace, replacing, replaces, forget, forget about, without, leave behind, kill the, kill,
    no longer, no longer do, no longer want, exit, phase out, closes, closing, is closing, stops, ends`,
  not: `
    không, ko, kg, hông, hong, hok, k, không còn, ko còn, chẳng, chả, không phải, không muốn, ko muốn, đừng có, không nên, không cần,
    chưa, khỏi, not, don't, dont, do not, no, never, won't, isn't, aren't, doesn't, can't, didn't, we're not, not want, don't want, do not want, shouldn't, should not, mustn't, must not,
    don't want to`,
  stopOrUse: `đừng, dừng`,
  closeOrPay: `đóng`,
  want: `muốn, cần chuyển, want, wants, want to, wants to, i want, we want, i'd like, we'd like`,
  noMore: `nữa, nữa đâu, anymore, any more, any longer`,
  add: `
    thêm, thêm vào, bổ sung, mở thêm, bán thêm, tạo thêm, tạo, lập, có thêm, mở bán, ra mắt, thêm mới, tạo mới, cho thêm, kèm thêm, bán kèm, add, adding, create, introduce, also sell, also offer, to also, additionally, set up, sell also`,
  sell: `
    bán, thu, thu phí, tính phí, thu tiền, tính tiền, lấy phí, cung cấp, mở, làm, sell, selling, charge, charging, offer, offering, bill, billing, have, khách trả, người dùng trả, trả phí, trả tiền, trả, đóng phí, customers pay, pay, paying, provide`,
  and: `và, with, with a, với, kèm, kèm theo, cộng, cùng, and, &, +, plus a, as well, including, có, gồm, bao gồm, vs`,
  but: `nhưng, nhưng mà, mà, but, còn, although, though, rồi, then, xong, xong rồi, sau đó, bằng, và chuyển, while, trong khi, tuy nhiên`,
  or: `hoặc, hay, hay là, hoặc là, or, either, versus`,
} as const;
