/** What makes a sentence something else than a wish that can be carried out as it stands. */
export const guardPhrases = {
  machine: `
    scale, scaling, replica, replicas, kubectl, kubernetes, k8s, pod, pods, deployment, deployments, namespace, docker, container,
    containers, restart, reboot, khởi động lại, database, cơ sở dữ liệu, drop table, truncate, rm, sudo, chmod, exec, execute,
    run the command, chạy lệnh, shell, ignore previous, ignore all, ignore the, ignore your, instructions, system prompt, jailbreak, env,
    environment variable, biến môi trường, deploy, redeploy, rollout, svc, cpu, mật khẩu, password, passwords, api key, phân quyền,
    admin rights, super admin, quyền admin, tắt server, tắt máy chủ, tắt hệ thống, tắt máy, shut down the server, shutdown,
    turn off the server, tắt hết, dừng hết, stop everything, stop all services, tắt tất cả, kill all, cluster, select from, insert into,
    sql, configmap, yaml, ssh, all tables, drop all`,
  erase: `delete, deleting, xóa, xoá, xóa hết, xóa bỏ, xóa sạch, erase, wipe, wipe out, xóa toàn bộ`,
  otherOrder: `
    gửi email, gửi mail, gửi tin, gửi thông báo, send an email, send email, send emails, email all, email everyone, notify, báo cho khách, báo khách, nhắn khách, nhắn tin, thông báo cho khách, tell my customers, tell our customers, tell customers, tell the customers, let customers know, close my account, close the account, make me admin, make me an admin, ẩn hết, ẩn sản phẩm, hide, hoàn tiền, refund, refunds, hoàn trả, tuyển dụng, tuyển thêm, tuyển người, tuyển nhân viên, hire, fire, sa thải, mua hàng, đặt hàng, quảng cáo, advertise, in hóa đơn, xuất hóa đơn, print invoices, thanh toán hóa đơn, chuyển khoản, transfer money, pay me, gọi cho, call me,
    trả lại tiền, gửi hàng, giao hàng, ship, shipping, freeship, free ship, viết bài, write a, dịch, translate, kể chuyện, tell me a, joke`,
  question: `
    là gì, là sao, gì ?, bao nhiêu, bao lâu, thế nào, như thế nào, ra sao, tại sao, vì sao, sao lại, có nên, nên không, nên chọn,
    nên chuyển không, có được không nếu, có phải, có tốt không, lợi hay hại, khác gì, khác nhau, khi nào, bao giờ, cái nào, gói nào,
    mô hình nào, giải thích, tư vấn, cho hỏi, gì vậy, gì thế, có lợi không, có ổn không, có mất, có bị, thì sao, sẽ sao, thế à, vậy à,
    à ?, không ?, ko ?, chưa ?, hả ?, hay sao, liệu, hay không, what, what's, whats, how, why, where, which, who, whose, should i,
    should we, would it, is it, are we, are there, is there, do we, do i, does it, did, explain, tell me about, difference, advise,
    advice, what if, how come, would you recommend, do you think, is subscription, is freemium, is retail, how many, how much, nhỉ`,
  doubt: `
    chắc là, chắc, có lẽ, hình như, không biết, ko biết, chưa biết, phân vân, đang nghĩ, đang suy nghĩ, đang cân nhắc, cân nhắc, suy nghĩ,
    chưa chắc, không chắc, ko chắc, có thể là, có thể sẽ, biết đâu, hay là mình, nghĩ là nên, đang tính, chưa quyết, chưa quyết định,
    còn lưỡng lự, lưỡng lự, maybe, perhaps, probably, not sure, i guess, thinking about, thinking of, considering, might, possibly,
    undecided, i wonder, wondering, don't know, do not know, could be, unsure, we may, i may, was thinking, toying with, gì đó,
    or something, whatever`,
  condition: `
    nếu, nếu như, nếu mà, giả sử, trong trường hợp, miễn là, chừng nào, if, in case, unless, provided that, provided, as long as,
    assuming, suppose, once we reach, khi doanh thu, when revenue, trừ khi, when`,
  except: `except, except for, ngoại trừ, trừ ra, trừ gói, trừ mỗi`,
  later: `
    tháng sau, tháng tới, tuần sau, tuần tới, năm sau, năm tới, ngày mai, ngày kia, sang năm, sang tháng, sang tuần, quý sau, quý tới, cuối tháng, đầu tháng, cuối năm, đầu năm, từ ngày mùng, từ ngày, vào ngày, từ tháng, kể từ ngày, kể từ tháng, bắt đầu từ tháng, bắt đầu từ ngày, tối nay, chiều nay, sau tết, sau này, lúc nửa đêm, mai mốt, cuối tuần, đầu tuần,
    next month, next week, next year, next quarter, tomorrow, tonight, later, in a week, in a month, at midnight, end of the month, end of month, end of the year, starting january, starting next, from january, from next, soon, someday, in january, in february, in december, starting in, as of january, on monday, on friday, by friday, at the end of, next monday, next tuesday`,
  priceChange: `
    giá cũ, giá mới, old price, new price, tăng giá, giảm giá gói, đổi giá, thay đổi giá, sửa giá, nâng giá, hạ giá, cập nhật giá, chỉnh giá, điều chỉnh giá, lên giá, tăng phí,
    tăng lên, giảm xuống, tăng gói, hạ xuống, nâng lên, đổi giá gói, raise, raise the price, increase, increase the price, lower,
    lower the price, decrease, reduce, change the price, update the price, bump the price, price increase, cut the price, reprice,
    double the price, gấp đôi giá, change price, change prices, raise prices, set the price of, set price`,
  about: `
    khoảng, tầm, tầm khoảng, khoảng chừng, chừng, xấp xỉ, trên dưới, ước chừng, dưới, tối thiểu, tối đa, cho tối đa, ít nhất, nhiều nhất, không quá, gần, đâu đó, vài, mấy, hơn, ngót, around, about, roughly, approximately, approx, circa, ~, ≈, <, up to, at least, at most, no more than, less than, more than, under, over, nearly, almost, something like, or so, between, starting at, starting from, starts at, starts from, start at, trên, or more, or less, or higher, trở lên, trở xuống, giới hạn, giới hạn ở, limited to, limit of, limit, capped at, cap of, min, minimum, maximum, a few, several`,
  until: `đến, tới, till, until`,
} as const;
