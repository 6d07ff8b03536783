/** Terms that are spoken of beside a price. */
export const termPhrases = {
  reason: `since, tại khách, do khách, because, because of, so that, bởi vì, tại vì, vì, cho dễ, cho tiện, cho gọn, để cho dễ, để cho tiện`,
  asItIs: `
    auto renew, auto renews, auto renewal, auto renewing, autorenew, renews automatically, renew automatically, automatic renewal, renews every month, renews monthly, renews yearly, no contract, no contracts, no commitment, no commitments,
    no lock in, no strings attached, no hidden fees, no minimum term, no long term contract, without contract, without commitment, without a contract, tự động gia hạn, tự gia hạn, gia hạn tự động, tự động tái tục, hủy lúc nào cũng được, hủy bất cứ lúc nào, hủy bất kỳ lúc nào, hủy khi nào cũng được,
    in advance, paid upfront, upfront, up front, prepaid, không ràng buộc, không cần hợp đồng, không hợp đồng, không cam kết, không phí ẩn, thích thì hủy`,
  feeling: `quá trời, quá chừng, lắm luôn, mệt lắm, khó quá, mệt quá, rồi đó, keep asking, keeps asking, kept asking`,
  unsold: `
    cho trả góp, được trả góp, chia đợt, chia nhiều đợt, chia làm nhiều đợt,
    phí đăng ký, phí gia nhập, phí khởi tạo, phí kích hoạt, phí lắp đặt, phí mở thẻ, phí làm thẻ, phí ban đầu, phí nhập môn, phí trễ hạn, phí trễ, phí phạt, phí hủy, phụ thu, phụ phí, phạt, cọc, đặt cọc, tiền cọc, ký quỹ,
    hợp đồng, cam kết, trả chậm, trả sau, công nợ, mùng, mồng, ngày thu tiền, gia hạn vào, gia hạn ngày, thu vào ngày, thu tiền vào, tính tiền vào, thu ngày, thu tiền ngày, trừ tiền ngày, hạn sử dụng, hạn dùng, bảo lưu,
    set up fee, setup fee, sign up fee, signup fee, joining fee, join fee, activation fee, registration fee, enrollment fee, enrolment fee, initiation fee, admission fee, installation fee, onboarding fee, startup fee, late fee, late fees, cancellation fee, early termination,
    penalty, surcharge, service charge, deposit, security deposit, contract, commitment, commit, notice period, installments, instalments, postpaid, in arrears, prorated, pro rated, grandfathered, money back guarantee, money back, grace period, invite only, by invitation,
    renews on, renew on, renewing on, renewal on, billed on, charged on, due on, payable on, paid on, collected on, bill on, charge on, expires after, expires in, valid for`,
} as const;
