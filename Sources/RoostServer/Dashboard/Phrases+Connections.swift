/// What the pages say about service connections.
extension Phrases {
    /// English and Chinese.
    static let aboutConnections: [String: (String, String)] = [
        "connections": ("Service connections", "服务连接"), "connection": ("Connection", "连接"),
        "connectionsHint": (
            "What jobs may use of systems outside: clouds, registries, webhooks.", "作业可以使用的外部系统：云、镜像仓库、Webhook。"
        ),
        "noConnections": (
            "No service connections yet: make one with 'roost service-connection'.",
            "还没有服务连接：请用 'roost service-connection' 创建。"
        ),
        "type": ("Type", "类型"), "connectionKind": ("Kind", "方式"), "cloud": ("Cloud", "云"),
        "mayUse": ("May use it", "可使用者"),
        "everyPipeline": ("every pipeline", "所有管道"), "noPipeline": ("no pipeline", "没有管道"),
        "pipelineCount": ("pipelines", "个管道"), "verify": ("Verify", "验证"), "verified": ("Verified", "验证结果"),
        "verify.never": ("not yet tried", "尚未验证"), "verify.good": ("lets us in", "可以登录"),
        "verify.bad": ("does not let us in", "无法登录"), "issuer": ("Issuer", "颁发者"), "subject": ("Subject", "主体"),
        "audience": ("Audience", "受众"), "tenant": ("Tenant", "租户"), "client": ("Client", "客户端"),
        "address": ("Address", "地址"), "permissions": ("Pipelines that may use it", "可使用它的管道"),
        "permissionsOpen": ("Every pipeline of the project may use it.", "项目中的所有管道都可以使用。"),
        "permissionsNone": (
            "No pipeline may use it: runs that need it wait until somebody permits it.",
            "没有管道可以使用：需要它的运行会等待许可。"
        ),
        "closePermissions": ("Leave it to the pipelines that are named", "仅限列出的管道"),
        "openPermissions": ("Open it to every pipeline", "对所有管道开放"), "takeBack": ("Take it back", "撤回"),
        "usage": ("Latest jobs that had it", "最近使用它的作业"), "noUsage": ("No job had it yet.", "还没有作业使用过。"),
        "time": ("Time", "时间"), "by": ("By", "操作人"),
    ]
}
