import FoundationEssentials
import RoostModel

/// A language of the dashboard.
enum DashboardLanguage: String, CaseIterable, Sendable {
    case english = "en"
    case chinese = "zh"

    /// The best of what a browser accepts; English when it names neither.
    static func preferred(_ header: String?) -> DashboardLanguage {
        let wishes = (header ?? "").split(separator: ",").map { part -> (language: String, weight: Double) in
            let fields = part.split(separator: ";")
            let weight = fields.dropFirst().first { $0.contains("q=") }.flatMap {
                Double($0.drop { $0 != "=" }.dropFirst())
            }
            return ((fields.first ?? "").trimmingBlanks().lowercased(), weight ?? 1)
        }
        let known = wishes.sorted { $0.weight > $1.weight }.compactMap { wish in
            allCases.first { wish.language.hasPrefix($0.rawValue) }
        }
        return known.first ?? .english
    }

    var other: DashboardLanguage { self == .english ? .chinese : .english }
    /// Its name in itself.
    var name: String { self == .english ? "English" : "中文" }
}

extension StringProtocol {
    /// Without spaces and tabs at both ends.
    fileprivate func trimmingBlanks() -> String {
        var text = Substring(self)
        while let first = text.first, first == " " || first == "\t" { text.removeFirst() }
        while let last = text.last, last == " " || last == "\t" { text.removeLast() }
        return String(text)
    }
}

/// What the pages say, in each language.
struct Phrases: Sendable {
    let language: DashboardLanguage
    /// For templates, by key.
    let table: [String: String]

    init(_ language: DashboardLanguage) {
        self.language = language
        self.table = Self.parts.reduce([:]) { $0.merging($1) { $1 } }.mapValues { language == .english ? $0.0 : $0.1 }
    }

    subscript(key: String) -> String { table[key] ?? key }

    /// No key is in two of them, as a test proves.
    static let parts = [
        all, aboutChecks, aboutArtifacts, aboutCheckouts, aboutTests, aboutSignIns, aboutConnections, aboutAccounts,
        aboutGalleries, aboutElasticPools, aboutAgents, aboutUpdates,
        aboutImageTemplates,
    ]

    /// English and Chinese; a test proves that no page asks for a key that is not here.
    static let all: [String: (String, String)] = [
        "skip": ("Skip to content", "跳到内容"), "sections": ("Sections", "栏目"), "runs": ("Runs", "运行"),
        "run": ("Run", "运行"), "pipelines": ("Pipelines", "管道"), "pipeline": ("Pipeline", "管道"),
        "pools": ("Agent pools", "代理池"), "pool": ("Pool", "代理池"), "queue": ("Queue", "队列"),
        "agents": ("Agents", "代理"), "agent": ("Agent", "代理"), "logout": ("Sign out", "退出"),
        "login": ("Sign in", "登录"), "token": ("Personal access token", "个人访问令牌"),
        "loginHint": (
            "Paste a personal access token. The first start of the server wrote one to admin-token in its data folder.",
            "请粘贴个人访问令牌。服务器首次启动时会在数据文件夹的 admin-token 中写入一个。"
        ),
        "loginFailed": ("That token is not accepted.", "令牌无效。"), "state": ("State", "状态"),
        "branch": ("Branch", "分支"), "commit": ("Commit", "提交"), "queuedBy": ("Queued by", "发起人"),
        "started": ("Queued", "排队时间"), "duration": ("Duration", "用时"), "noRuns": ("No runs yet.", "还没有运行。"),
        "warmUp.running": ("Warming up.", "正在预热。"), "warmUp.failed": ("Warm-up failed:", "预热失败："),
        "warmUp.no-room": ("Takes no job, its disk is full:", "磁盘已满，不接受作业："),
        "older": ("Older runs", "更早的运行"), "recentRuns": ("Newest first", "最新的在前"),
        "queueRun": ("Queue a run", "排队运行"), "cancel": ("Cancel", "取消"), "rerun": ("Run again", "重新运行"),
        "graph": ("Stages and jobs", "阶段和作业"), "search": ("Search the log (/)", "搜索日志 (/)"),
        "times": ("Times", "时间"), "raw": ("Raw text", "原始文本"),
        "poolsHint": ("Agents of a pool take the jobs that name it.", "代理池中的代理执行指定该池的作业。"),
        "online": ("Online", "在线"), "busy": ("Busy", "忙碌"), "waitingJobs": ("Waiting jobs", "等待的作业"),
        "noPools": ("No pools yet.", "还没有代理池。"),
        "noAgents": ("No agents yet: configure one with config.sh.", "还没有代理：请用 config.sh 配置。"),
        "job": ("Job", "作业"), "version": ("Version", "版本"), "system": ("System", "系统"), "since": ("Since", "开始于"),
        "reason": ("Why it waits", "等待原因"), "nothingWaits": ("Nothing waits.", "没有等待的作业。"),
        "queueHint": ("Jobs that wait for an agent, and why.", "等待代理的作业及原因。"), "registered": ("Registered", "注册时间"),
        "enrolledBy": ("Enrolled by", "注册方式"), "signIn.personalToken": ("personal token", "个人访问令牌"),
        "signIn.session": ("dashboard session", "网页会话"), "signIn.deviceCode": ("device code", "设备代码"),
        "signIn.authorizationCode": ("authorization code", "授权代码"), "signIn.clientSecret": ("client secret", "客户端密码"),
        "signIn.certificate": ("certificate", "证书"), "signIn.federated": ("other issuer's token", "其他颁发者的令牌"),
        "signIn.managedIdentity": ("machine's identity", "计算机标识"),
        "signIn.enrollmentToken": ("enrollment token", "注册令牌"),
        "signIn.agentKey": ("agent's key", "代理密钥"), "signIn.jobToken": ("job's token", "作业令牌"),
        "userCapabilities": ("User capabilities", "用户功能"), "systemCapabilities": ("System capabilities", "系统功能"),
        "none": ("None", "无"), "project": ("Project", "项目"), "repository": ("Repository", "存储库"),
        "file": ("File", "文件"),
        "noPipelines": (
            "No pipelines yet: make one with 'roost pipeline create'.", "还没有管道：请用 roost pipeline create 创建。"
        ),
        "pipelinesHint": ("A pipeline is a YAML file in a repository.", "管道是存储库中的 YAML 文件。"), "home": ("Home", "首页"),
        "enable": ("Enable", "启用"), "disable": ("Disable", "停用"), "attempt": ("attempt", "第几次"),
        "state.queued": ("Queued", "排队"), "state.waiting": ("Waiting", "等待"), "state.pending": ("Not started", "未开始"),
        "state.running": ("Running", "运行中"), "state.canceling": ("Canceling", "正在取消"),
        "state.succeeded": ("Succeeded", "成功"), "state.succeededWithIssues": ("Succeeded with issues", "成功但有问题"),
        "state.failed": ("Failed", "失败"), "state.canceled": ("Canceled", "已取消"), "state.skipped": ("Skipped", "已跳过"),
        "state.abandoned": ("Machine lost", "机器丢失"), "state.online": ("Idle", "空闲"), "state.busy": ("Busy", "忙碌"),
        "state.offline": ("Offline", "离线"), "state.disabled": ("Disabled", "已停用"),
        "runPipeline": ("Run pipeline", "运行管道"), "parameters": ("Parameters", "参数"),
        "variables": ("Variables", "变量"), "stagesToRun": ("Stages to run", "要运行的阶段"),
        "newestCommit": ("newest of the branch", "分支的最新提交"), "required": ("required", "必填"),
        "formProblem": ("The run was not queued.", "运行未排队。"),
        "sources": ("Repositories, runs and files it was made of", "构成此运行的存储库、运行和文件"), "choose": ("Choose …", "选择…"),
        "notFound": ("Not found", "未找到"), "problem": ("That did not work", "操作未成功"),
    ]

    func state(_ name: String) -> String { self["state.\(name)"] }

    /// Such as `1 h 02 min`, `3 min 04 s`, `0.4 s`.
    func duration(_ seconds: Double) -> String {
        let whole = Int(seconds)
        let (hour, minute, second) = language == .english ? (" h ", " min ", " s") : (" 小时 ", " 分 ", " 秒")
        if seconds < 10 { return "\(Double(Int(seconds * 10)) / 10)\(second)" }
        if whole < 60 { return "\(whole)\(second)" }
        if whole < 3600 { return "\(whole / 60)\(minute)\(Self.two(whole % 60))\(second)" }
        return "\(whole / 3600)\(hour)\(Self.two(whole / 60 % 60))\(minute)".trimmingBlanks()
    }

    private static func two(_ number: Int) -> String { number < 10 ? "0\(number)" : String(number) }

    /// How long ago, in one unit.
    func age(_ date: Date, now: Date) -> String {
        let seconds = max(0, Int(now.timeIntervalSince(date)))
        let (value, unit): (Int, (String, String)) =
            switch seconds {
            case ..<60: (seconds, ("s", "秒"))
            case ..<3600: (seconds / 60, ("min", "分钟"))
            case ..<86_400: (seconds / 3600, ("h", "小时"))
            default: (seconds / 86_400, ("d", "天"))
            }
        return language == .english ? "\(value) \(unit.0) ago" : "\(value) \(unit.1)前"
    }

    /// Why a job waits, in the reader's language; the English sentence stands where there is no other.
    func wait(_ wait: WaitSummary) -> String {
        guard language == .chinese, let pattern = Self.chineseReasons[wait.code] else { return wait.sentence }
        return pattern.replacing("{agent}", with: wait.nearestAgent ?? "?").replacing(
            "{demand}",
            with: wait.unmetDemand ?? "?"
        )
    }

    private static let chineseReasons: [String: String] = [
        "agent-warming-up": "代理“{agent}”正在预热或预热失败。", "agent-no-room": "代理“{agent}”的磁盘已满，不接受作业。",
        "agent-offline": "代理“{agent}”离线。",
        "agent-disabled": "代理“{agent}”已停用。", "pool-paused": "代理池已暂停。", "busy": "代理“{agent}”正忙。",
        "demand-unmet": "没有代理满足需求“{demand}”；最接近的是“{agent}”。", "pool-limit": "代理池的并发数已达上限。",
        "pipeline-limit": "管道的并发数已达上限。", "not-authorized": "该管道无权使用此代理池。", "no-pool": "代理池不存在。",
        "no-agents": "代理池中没有代理。", "ahead-in-queue": "前面还有其他作业。", "manual-stage": "等待手动启动阶段。",
        "max-parallel": "受 maxParallel 限制。",
        "approval": "等待审批。", "exclusive-lock": "等待环境的独占锁。", "environment-limit": "环境的并发数已达上限。",
        "environment-queue": "其他运行更早开始等待该环境。", "business-hours": "等待环境的工作时间。", "deployment-hook": "等待部署中更早的作业。",
        "assigned": "已发送给代理“{agent}”。", "running": "正在代理“{agent}”上运行。", "canceling": "代理“{agent}”正在停止它。",
    ]
}
