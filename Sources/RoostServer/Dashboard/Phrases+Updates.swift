/// What the pages say about versions of agents.
extension Phrases {
    /// English and Chinese.
    static let aboutUpdates: [String: (String, String)] = [
        "update.updating": ("is being updated", "正在更新"), "update.awaitsTrial": ("waits for its trial", "等待试用"),
        "update.awaitsTurn": ("waits its turn", "等待轮到"), "update.pinned": ("pinned", "已固定"),
        "update.manual": ("by hand", "需手动"), "update.majorByHand": ("new generation, by hand", "新一代，需手动"),
        "update.awaitsWindow": ("waits for the window", "等待时间窗口"), "update.withheld": ("withheld", "已扣留"),
        "update.failed": ("did not work here", "在此无法运行"), "update.offline": ("when it is online", "上线后"),
        "update.cannot": ("cannot update itself", "无法自行更新"), "newerVersion": ("Newer version", "更新的版本"),
    ]
}
