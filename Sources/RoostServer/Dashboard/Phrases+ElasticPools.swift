/// What the pages say about elastic pools.
extension Phrases {
    /// English and Chinese.
    static let aboutElasticPools: [String: (String, String)] = [
        "poolMachines": ("Machines", "机器"), "poolMachine": ("Machine", "机器"), "wantedMachines": ("Wanted", "应有"),
        "mostMachines": ("At most", "最多"), "standby": ("On standby", "待命"), "provider": ("Provider", "提供者"),
        "machineWhy": ("Why", "原因"),
        "noPoolMachines": ("No machines: they are made when jobs wait.", "没有机器：有作业等待时才会创建。"),
        "differences": ("Not as it should be", "与期望不符"),
        "allIsWell": ("Everything is as it should be.", "一切符合期望。"), "nextLook": ("next in", "下次"),
        "onTrial": ("on trial", "试用中"), "withdrawn": ("withdrawn", "已撤回"), "poolImages": ("Images", "镜像"),
        "elastic.online": ("Online", "在线"), "elastic.new": ("New", "新建"), "elastic.unhealthy": ("Unhealthy", "异常"),
        "elastic.paused": ("Paused", "已暂停"), "elastic.draining": ("Draining", "正在排空"),
        "elastic.deleting": ("Being deleted", "正在删除"), "elastic.offline": ("Offline", "离线"),
        "phase.planned": ("Planned", "已计划"), "phase.creating": ("Being made", "正在创建"),
        "phase.booting": ("Starting", "正在启动"), "phase.idle": ("Idle", "空闲"), "phase.busy": ("Busy", "忙碌"),
        "phase.used": ("Used", "已使用"), "phase.recycling": ("Being made anew", "正在重置"),
        "phase.saved": ("Kept for study", "保留待查"), "phase.deleting": ("Being deleted", "正在删除"),
        "phase.gone": ("Gone", "已消失"),
        "elastic.do.pause": ("Pause", "暂停"), "elastic.do.resume": ("Resume", "恢复"),
        "elastic.do.drain": ("Drain", "排空"),
        "machine.do.reimage": ("Make anew", "重置"), "machine.do.delete": ("Delete", "删除"),
        "machine.wish.reimage": ("to be made anew after its job", "作业结束后重置"),
        "machine.wish.delete": ("to be deleted after its job", "作业结束后删除"),
        "machine.wish.save": ("to be kept after its job", "作业结束后保留"),
        "noAgentsYet": ("Agents come with machines.", "代理随机器而来。"),
        "poolLog": ("What happened", "发生了什么"), "noPoolLog": ("Nothing yet.", "暂无。"),
    ]
}
