/// What the pages say about galleries of images.
extension Phrases {
    /// English and Chinese.
    static let aboutGalleries: [String: (String, String)] = [
        "galleries": ("Galleries", "镜像库"), "gallery": ("Gallery", "镜像库"), "image": ("Image", "镜像"),
        "galleriesHint": (
            "Images that agents' machines are made from; each version's content never changes.",
            "代理机器所用的镜像；每个版本的内容永不改变。"
        ),
        "noImages": (
            "No images yet: make a gallery with 'roost gallery create'.", "还没有镜像：请用 'roost gallery create' 创建镜像库。"
        ),
        "versions": ("Versions", "版本"), "latest": ("Latest", "最新"), "channels": ("Channels", "通道"),
        "regions": ("Regions", "区域"), "location": ("Location", "位置"), "identifier": ("Identifier", "标识"),
        "base": ("Base", "基础镜像"), "layers": ("Layers", "层"), "packages": ("Packages", "软件包"),
        "package": ("Package", "软件包"), "architecture": ("Architecture", "架构"), "notes": ("Notes", "备注"),
        "noVersions": (
            "No versions yet: 'roost image build' and 'roost image-version create' publish them.",
            "还没有版本：'roost image build' 和 'roost image-version create' 可发布版本。"
        ),
        "imageUses": ("Jobs of the last 30 days that ran on it", "最近 30 天在其上运行的作业"),
        "noImageUses": ("No job ran on it.", "没有作业在其上运行。"),
        "noInventory": ("Nobody wrote down what is in it.", "没有内容清单。"), "what": ("What", "内容"),
        "version.Creating": ("Replicating", "正在复制"), "version.Succeeded": ("Published", "已发布"),
        "version.Updating": ("Adding replicas", "正在增加副本"), "version.Failed": ("Failed", "失败"),
        "image.revoked": ("Revoked", "已撤销"), "image.excluded": ("not taken as the latest", "不作为最新版本"),
        "image.endOfLife": ("end of life", "终止支持"), "image.template": ("Template", "模板"),
        "image.artifact": ("Built", "构建产物"), "image.commit": ("Commit of the template", "模板的提交"),
        "image.builder": ("Builder", "构建工具"),
        "image.published": ("Published", "发布时间"), "imageCapabilities": ("Capabilities of its agents", "其代理的功能"),
    ]
}
