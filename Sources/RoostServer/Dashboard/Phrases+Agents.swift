import Foundation
import RoostModel

/// What the pages say about agents and their pools.
extension Phrases {
    /// Such as `Paused by ada, 3 min ago: new disks`.
    func pause(_ pause: Pause, now: Date) -> String {
        let key = pause.reason.isEmpty ? "pausedText" : "pausedReasonText"
        return self[key].replacing("{by}", with: pause.person).replacing("{when}", with: age(pause.since, now: now))
            .replacing("{reason}", with: pause.reason)
    }

    /// Such as `56 GB of 270 GB free`.
    func disk(_ disk: DiskSpace) -> String {
        self["diskText"].replacing("{free}", with: "\(disk.free >> 30)").replacing("{size}", with: "\(disk.size >> 30)")
    }

    /// English and Chinese.
    static let aboutAgents: [String: (String, String)] = [
        "pausedText": ("Paused by {by}, {when}.", "由 {by} 于{when}暂停。"),
        "pausedReasonText": ("Paused by {by}, {when}: {reason}", "由 {by} 于{when}暂停：{reason}"),
        "diskText": ("{free} of {size} GB free", "可用 {free} / {size} GB"), "disk": ("Disk", "磁盘"),
        "lastJob": ("Last job", "上一个作业"), "slot": ("Slot", "槽位"), "perJob": ("Each job", "每个作业"),
        "limit.processors": ("processors", "个处理器"), "limit.processes": ("processes", "个进程"),
        "agentAge": ("Age", "时长"), "wentOnline": ("came online {when}", "{when}上线"),
        "wentOffline": ("went offline {when}", "{when}离线"),
        "agent.do.enable": ("Resume", "恢复"), "agent.do.disable": ("Pause", "暂停"),
        "agent.do.drain": ("Drain", "排空"), "pauseReason": ("Why (for others)", "原因（给他人看）"),
        "state.draining": ("Draining", "正在排空"),
        "pool.active": ("Active", "运行中"), "pool.paused": ("Paused", "已暂停"),
        "pool.draining": ("Draining", "正在排空"),
        "searchAgents": ("Name, state, version, system …", "名称、状态、版本、系统……"), "sortBy": ("Sort by", "排序"),
        "sort.name": ("Name", "名称"), "sort.state": ("State", "状态"),
        "sort.version": ("Version, oldest first", "版本（旧的在前）"),
        "sort.disk": ("Disk, fullest first", "磁盘（最满在前）"), "sort.age": ("Age, oldest first", "时长（旧的在前）"),
        "noAgentFound": ("No agent is like that.", "没有符合条件的代理。"),
        "poolStateHeading": ("State", "状态"),
    ]
}
