import Foundation
import RoostModel

extension Phrases {
    /// Rights as words, the widest alone when it includes all others.
    func rights(_ scopes: Set<TokenScope>) -> String {
        let known = TokenScope.all.filter(scopes.contains)
        let shown = known.contains(.full) ? [.full] : known
        return shown.map { self["scope.\($0.rawValue)"] }.joined(separator: language == .english ? "; " : "；")
    }

    /// How long ago, or how long it still is, in one unit.
    func moment(_ date: Date, now: Date) -> String {
        guard date > now else { return age(date, now: now) }
        let seconds = Int(date.timeIntervalSince(now).rounded())
        let (value, unit): (Int, (String, String)) =
            switch seconds {
            case ..<3600: (max(1, seconds / 60), ("min", "分钟"))
            case ..<172_800: (seconds / 3600, ("h", "小时"))
            default: (seconds / 86_400, ("d", "天"))
            }
        return language == .english ? "in \(value) \(unit.0)" : "\(value) \(unit.1)后"
    }

    /// What is known to the day only.
    func day(_ date: Date, now: Date) -> String {
        let days = Int(max(0, now.timeIntervalSince(date)) / 86_400)
        if days == 0 { return self["withinADay"] }
        return language == .english ? "\(days) d ago" : "\(days) 天前"
    }

    /// The most that a token may be given.
    func longest(_ life: Duration) -> String {
        self["atMost"].replacing(
            "{life}",
            with: language == .english ? ControlPlane.days(life) : "\(Int(life.seconds / 86_400)) 天"
        )
    }

    /// What the server's settings and the organization's policy say of tokens.
    func policies(_ life: Duration, _ policy: EnrollmentPolicy) -> [String] {
        var said: [String] = []
        if life <= .zero { said.append(self["tokensForbidden"]) }
        if policy.patEnrollment == .refused { said.append(self["enrollmentForbidden"]) }
        return said
    }

    /// Why a credential is refused, when it is because its person is disabled.
    func disabled(_ result: Result<Principal, TokenRefusal>) -> String? {
        guard case .failure(.userDisabled(let name)) = result else { return nil }
        return self["loginDisabled"].replacing("{name}", with: name)
    }

    func disabledSince(_ disabled: DisabledUser, now: Date) -> String {
        self["disabledText"].replacing("{by}", with: disabled.by).replacing("{when}", with: age(disabled.at, now: now))
    }

    /// English and Chinese.
    static let aboutAccounts: [String: (String, String)] = aboutTokens.merging(aboutPeople) { $1 }

    private static let aboutTokens: [String: (String, String)] = [
        "yourAccount": ("Tokens, sign-ins and people", "令牌、登录和人员"), "tokens": ("Personal access tokens", "个人访问令牌"),
        "tokensHint": (
            "A token lets a script or a program act as you, within the rights you give it.",
            "令牌允许脚本或程序在您授予的权限范围内以您的身份操作。"
        ),
        "mine": ("Mine", "我的"), "everybodys": ("Everybody's", "所有人的"), "name": ("Name", "名称"), "made": ("Made", "创建"),
        "expires": ("Expires", "到期"), "lastUsed": ("Last used", "上次使用"), "never": ("Never", "从未"),
        "withinADay": ("Within a day", "一天之内"), "revoke": ("Revoke", "撤销"), "noTokens": ("No tokens.", "没有令牌。"),
        "tokenGood": ("Good", "有效"), "tokenRevoked": ("Revoked", "已撤销"), "tokenExpired": ("Expired", "已过期"),
        "newToken": ("New token", "新建令牌"), "tokenName": ("What it is for", "用途"),
        "tokenNameMissing": ("it is empty, or longer than 100 characters", "为空或超过 100 个字符"),
        "tokenRights": ("What it allows", "允许的操作"), "tokenDays": ("Days until it expires", "有效天数"),
        "tokenDaysWrong": ("it is no number of days", "不是有效的天数"), "atMost": ("at most {life}", "最多 {life}"),
        "makeToken": ("Make token", "创建令牌"), "tokenMade": ("The token is made", "令牌已创建"),
        "tokenValue": ("Its value", "令牌值"), "copy": ("Copy", "复制"), "copied": ("Copied", "已复制"), "done": ("Done", "完成"),
        "tokenOnce": (
            "This is the only time it is shown: the server keeps a hash of it and nothing more. Put it where it will be used now.",
            "令牌值仅显示这一次：服务器只保存其哈希。请立即将其保存到需要使用的位置。"
        ),
        "tokensForbidden": ("New personal access tokens are not allowed on this server.", "此服务器不允许创建新的个人访问令牌。"),
        "enrollmentForbidden": (
            "Agents cannot be registered with personal access tokens in this organization.",
            "此组织不允许使用个人访问令牌注册代理。"
        ),
        "revokeTitle": ("Revoke this token?", "撤销此令牌？"),
        "revokeHint": (
            "It is refused from then on. Agents that were registered with it go on.", "此后该令牌将被拒绝。使用它注册的代理将继续运行。"
        ),
        "revokeSignIns": ("Also end {count} open sign-ins that began with it", "同时结束由其开始的 {count} 个登录"),
        "scope.app_token": ("Everything you may do", "您可以执行的所有操作"),
        "scope.vso.agentpools": ("See agents and pools", "查看代理和代理池"),
        "scope.vso.agentpools_manage": ("Manage agents and pools, and register agents", "管理代理和代理池，注册代理"),
        "scope.vso.build": ("See pipelines and runs", "查看管道和运行"),
        "scope.vso.build_execute": ("Queue and cancel runs, and change pipelines", "排队和取消运行，更改管道"),
        "scope.vso.project": ("See projects", "查看项目"), "scope.vso.project_manage": ("Manage projects", "管理项目"),
        "scope.vso.tokens_manage": ("Make and revoke tokens, and read the audit", "创建和撤销令牌，读取审核日志"),
        "scope.vso.secrets": ("Read secrets of vaults", "读取保管库中的机密"),
        "scope.vso.secrets_manage": ("Change secrets of vaults", "更改保管库中的机密"),
    ]

    private static let aboutPeople: [String: (String, String)] = [
        "signIns": ("Open sign-ins", "已登录的会话"),
        "signInsHint": (
            "Browsers and programs that act as you. End one that you do not know.", "以您的身份操作的浏览器和程序。请结束您不认识的登录。"
        ),
        "signInsHintAll": ("Browsers and programs that act as people.", "以人员身份操作的浏览器和程序。"),
        "kind": ("By", "方式"), "from": ("From", "来源"), "signedIn": ("Signed in", "登录时间"), "ends": ("Ends", "结束"),
        "thisOne": ("this one", "当前"),
        "end": ("End", "结束"), "noSignIns": ("Nobody is signed in.", "没有登录。"),
        "endOthers": ("End all others", "结束所有其他登录"), "endAll": ("End all", "全部结束"),
        "people": ("People", "人员"), "person": ("Person", "人员"),
        "peopleHint": (
            "Everybody who has a token, a role or a sign-in, or changed something.", "拥有令牌、角色或登录，或进行过更改的所有人员。"
        ),
        "roles": ("Roles", "角色"), "noRoles": ("None but everyone's.", "只有所有人共有的角色。"),
        "goodTokens": ("Good tokens", "有效令牌"), "lastSeen": ("Last seen", "上次出现"), "lastChange": ("Last change", "上次更改"),
        "administrator": ("Administrator", "管理员"), "mayComeIn": ("Enabled", "已启用"), "isDisabled": ("Disabled", "已停用"),
        "disablePerson": ("Disable", "停用"), "letInAgain": ("Enable", "启用"),
        "disableTitle": ("Disable {name}?", "停用 {name}？"),
        "disableHint": (
            "Their tokens and sign-ins are refused at once. Roles, tokens and sign-ins are kept, and count again when they are enabled.",
            "其令牌和登录将立即被拒绝。角色、令牌和登录会保留，重新启用后恢复有效。"
        ),
        "disabledText": ("Disabled by {by}, {when}.", "由 {by} 停用，{when}。"),
        "loginDisabled": (
            "The person '{name}' is disabled. An administrator can enable them.", "人员“{name}”已停用，可由管理员重新启用。"
        ),
        "madeByThem": ("What they made", "其创建的内容"),
        "madeHint": (
            "What they made goes on without them: agents, pipelines, schedules, triggers and connections do not depend on who made them.",
            "其创建的内容不依赖创建者：代理、管道、计划、触发器和连接将继续工作。"
        ),
        "made.agents": ("Agents", "代理"), "made.pools": ("Agent pools", "代理池"), "made.pipelines": ("Pipelines", "管道"),
        "made.environments": ("Environments", "环境"), "made.variable groups": ("Variable groups", "变量组"),
        "made.service connections": ("Service connections", "服务连接"), "made.secure files": ("Secure files", "安全文件"),
        "made.vaults": ("Vaults", "保管库"), "made.identities": ("Identities", "标识"), "made.machines": ("Machines", "计算机"),
        "made.trust rules": ("Trust rules", "信任规则"), "made.enrollment tokens": ("Enrollment tokens", "注册令牌"),
    ]
}
