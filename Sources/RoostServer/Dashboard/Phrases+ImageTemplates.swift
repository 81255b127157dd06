import RoostModel

/// What the pages say about templates of images.
extension Phrases {
    /// English and Chinese.
    static let aboutImageTemplates: [String: (String, String)] = [
        "imageTemplates": ("Image templates", "映像模板"), "imageTemplate": ("Image template", "映像模板"),
        "imageTemplatesHint": ("Images that this server builds, and what they are made from.", "由此服务器构建的映像及其来源。"),
        "noImageTemplates": (
            "No image templates yet: make one with roost image-template create.",
            "还没有映像模板：请用 roost image-template create 创建。"
        ),
        "lastImageBuild": ("Last build", "最近一次构建"), "imageBeginsWith": ("Begins with", "基础映像"),
        "imagePublishesTo": ("Publishes to", "发布到"), "imageTrigger": ("Trigger", "触发器"),
        "imageSteps": ("Layers", "层"), "imageStep": ("Step", "步骤"), "imageOutputs": ("Outputs", "输出"),
        "imageOutput": ("Output", "输出"), "imagePlace": ("Where", "位置"),
        "noImageSteps": ("No step was run yet.", "还没有执行任何步骤。"), "noImageOutputs": ("Nothing was made yet.", "还没有输出。"),
        "imageReused": ("reused", "已复用"), "imageBuild": ("Build", "构建"), "imageCancel": ("Cancel the build", "取消构建"),
        "imageCommit": ("Commit of the template", "模板提交"),
        "imagePool": ("Pool", "代理池"), "imageForm": ("Form", "形式"), "imageMessage": ("Message", "消息"),
        "imageBuild.Running": ("Running", "正在构建"), "imageBuild.Canceling": ("Being canceled", "正在取消"),
        "imageBuild.Succeeded": ("Succeeded", "成功"), "imageBuild.PartiallySucceeded": ("Succeeded in part", "部分成功"),
        "imageBuild.Failed": ("Failed", "失败"), "imageBuild.Canceled": ("Canceled", "已取消"),
        "imageBuild.none": ("Not built yet", "尚未构建"),
        "imageBuild.Queued": ("queued", "排队"), "imageBuild.Building": ("building", "准备"),
        "imageBuild.Customizing": ("customizing", "自定义"),
        "imageBuild.Optimizing": ("optimizing", "优化"), "imageBuild.Validating": ("validating", "验证"),
        "imageBuild.Distributing": ("distributing", "分发"),
    ]

    /// A build's state, and while it runs what it does.
    func text(_ status: ImageRunStatus?) -> String {
        guard let status else { return self["imageBuild.none"] }
        let state = self["imageBuild.\(status.state.rawValue)"]
        guard status.endTime == nil, let part = status.subState else { return state }
        return "\(state): \(self["imageBuild.\(part.rawValue)"])"
    }
}

extension ImageRunState {
    /// The name of its colours.
    var pageName: String {
        switch self {
        case .running: "running"
        case .canceling: "canceling"
        case .succeeded: "succeeded"
        case .partiallySucceeded: "succeededWithIssues"
        case .failed: "failed"
        case .canceled: "canceled"
        }
    }
}
