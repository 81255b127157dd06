import FoundationEssentials
import RoostModel

/// What the pages say about environments and their checks.
extension Phrases {
    /// English and Chinese.
    static let aboutChecks: [String: (String, String)] = [
        "environments": ("Environments", "环境"), "environment": ("Environment", "环境"),
        "environmentsHint": ("Places deployments go to, and what must pass before.", "部署的目标，以及部署前必须通过的检查。"),
        "noEnvironments": ("No environments yet: a deployment makes one on its first use.", "还没有环境：部署首次使用时会自动创建。"),
        "checks": ("Checks", "检查"), "check": ("Check", "检查"), "asksFor": ("Asks for", "要求"),
        "noChecks": ("No checks: deployments begin at once.", "没有检查：部署会立即开始。"),
        "machines": ("Machines", "机器"), "machine": ("Machine", "机器"), "tags": ("Tags", "标签"),
        "noMachines": ("No machines: only rolling deployments need them.", "没有机器：只有滚动部署需要。"),
        "history": ("Deployments", "部署记录"), "noHistory": ("Nothing was deployed yet.", "还没有部署。"),
        "stage": ("Stage", "阶段"), "atOnce": ("At once", "并发上限"), "noLimit": ("no limit", "不限"),
        "lastDeployment": ("Last deployment", "最近一次部署"), "checksOf": ("Checks before the stage", "阶段前的检查"),
        "approval": ("Approval", "审批"), "approve": ("Approve", "批准"), "reject": ("Reject", "拒绝"),
        "comment": ("Comment", "备注"), "waitsNow": ("Waiting for it now", "正在等待"),
        "check.waiting": ("Waiting", "等待"), "check.succeeded": ("Passed", "已通过"), "check.failed": ("Not passed", "未通过"),
        "check.abandoned": ("Timed out", "已超时"), "check.skipped": ("Not needed", "无需"),
        "check.canceled": ("Superseded", "已被取代"), "voice.waiting": ("asked", "待审批"),
        "voice.succeeded": ("approved", "已批准"), "voice.failed": ("rejected", "已拒绝"),
        "voice.skipped": ("not needed", "无需"),
        "kind.approval": ("Approval", "审批"), "kind.lock": ("Exclusive lock", "独占锁"),
        "kind.branches": ("Branch control", "分支控制"), "kind.hours": ("Business hours", "工作时间"),
        "kind.permission": ("Permission", "许可"), "permit": ("Permit", "许可"),
        "permitHint": (
            "Permit the pipeline to use it, in this run and later ones.", "许可此管道在本次及以后的运行中使用。"
        ),
        "resource.service-connection": ("service connection", "服务连接"),
        "resource.variable-group": ("variable group", "变量组"), "resource.secure-file": ("secure file", "安全文件"),
        "resource.environment": ("environment", "环境"), "resource.pool": ("pool", "代理池"),
        "kind.template": ("Required template", "必需模板"), "inOrder": ("in this order", "按此顺序"),
        "notRequester": ("not who asked for the run", "不能是发起人"), "oneStage": ("one stage at a time", "同一时间仅一个阶段"),
        "requestsWait": ("Pull requests that wait for approval", "等待批准的拉取请求"),
        "requestHint": (
            "Its run begins when somebody of the team has looked at this commit.", "团队成员查看此提交并批准后才会运行。"
        ),
        "resume": ("Resume", "继续"),
        "validationHint": ("This step waits for a person.", "该步骤正在等待人工确认。"),
        "startStage": ("Start the stage", "启动阶段"), "skipStage": ("Skip it", "跳过"),
        "startHint": ("This stage waits for a person to start it.", "该阶段需要手动启动。"),
        "startScopeMissing": (
            "Your token may not start stages: it lacks the scope vso.build_execute.",
            "您的令牌缺少 vso.build_execute 权限，不能启动阶段。"
        ),
        "scopeMissing": (
            "Your token may not decide about approvals: it lacks the scope vso.build_execute.",
            "您的令牌缺少 vso.build_execute 权限，不能审批。"
        ),
    ]

    func title(_ kind: CheckKind) -> String {
        switch kind {
        case .approval: self["kind.approval"]
        case .exclusiveLock: self["kind.lock"]
        case .branchControl: self["kind.branches"]
        case .businessHours: self["kind.hours"]
        case .requiredTemplate: self["kind.template"]
        case .permission: self["kind.permission"]
        }
    }

    /// What a check asks for, in one line.
    func text(_ kind: CheckKind) -> String {
        switch kind {
        case .approval(let policy):
            let names = policy.approvers.joined(separator: ", ")
            var parts = [policy.needed < policy.approvers.count ? "\(policy.needed) / \(names)" : names]
            if policy.isInOrder { parts.append(self["inOrder"]) }
            if !policy.requesterMayApprove { parts.append(self["notRequester"]) }
            return parts.joined(separator: "; ")
        case .exclusiveLock: return self["oneStage"]
        case .branchControl(let control): return control.allowedBranches.joined(separator: ", ")
        case .businessHours(let hours): return hours.text
        case .requiredTemplate(let templates): return templates.map(\.text).joined(separator: ", ")
        case .permission(let resource): return self["resource.\(resource.kind.argument)"]
        }
    }

    func checkWait(_ wait: CheckWait) -> String {
        guard language == .chinese else { return wait.sentence }
        return switch wait {
        case .approval(let names, let needed, let environment, _):
            "等待 \(names.joined(separator: "、")) 审批部署到环境“\(environment)”（还需 \(needed) 人）。"
        case .businessHours(let hours, let environment): "等待环境“\(environment)”的工作时间：\(hours)。"
        case .lock(let environment, let run, let stage):
            "等待环境“\(environment)”的独占锁，当前由运行 \(run) 的阶段“\(stage)”持有。"
        case .limit(let environment, let limit): "环境“\(environment)”最多同时进行 \(limit) 个部署。"
        case .behind(let environment, let run): "运行 \(run) 更早开始等待环境“\(environment)”。"
        case .permission(let kind, let name, _):
            "等待许可使用\(self["resource.\(kind.argument)"])“\(name)”。"
        }
    }

    func refusal(_ refusal: ApprovalRefusal) -> String {
        guard language == .chinese else { return refusal.sentence }
        return switch refusal {
        case .notAnApprover(let approvers): "只有 \(approvers.joined(separator: "、")) 可以审批。"
        case .askedForTheRun: "运行的发起人不能审批。"
        case .decidedAlready: "您已经审批过。"
        case .notYet(let first): "按顺序审批，先轮到 \(first)。"
        case .ended: "审批已结束。"
        }
    }

    func refusal(_ refusal: CheckRefusal) -> String {
        guard language == .chinese else { return refusal.sentence }
        return switch refusal {
        case .rejected(let user, let environment, let comment):
            "\(user) 拒绝了部署到环境“\(environment)”\(comment.isEmpty ? "。" : "：\(comment)")"
        case .timedOut(_, let environment, let minutes): "环境“\(environment)”的检查在 \(minutes) 分钟内没有结果。"
        case .branchNotAllowed(let branch, let environment, let allowed):
            "分支“\(branch)”不能部署到环境“\(environment)”；允许的分支：\(allowed.joined(separator: "、"))。"
        case .templateMissing(let environment, let required):
            "环境“\(environment)”要求管道扩展模板：\(required.joined(separator: "、"))。"
        case .notPermitted(let kind, let name, let minutes):
            "\(minutes) 分钟内没有人许可此管道使用\(self["resource.\(kind.argument)"])“\(name)”。"
        case .superseded(let run, let environment): "更新的运行 \(run) 正在等待环境“\(environment)”的独占锁（runLatest）。"
        }
    }
}
