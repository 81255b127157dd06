extension ComponentCatalog {
    /// Everything that this program knows of components.
    public static let standard = ComponentCatalog(
        [
            .builder: builders, .provisioner: provisioners, .postProcessor: postProcessors, .dataSource: dataSources,
        ],
        foreign: .standard
    )

    private static let builders: [String: ComponentSchema] = [
        "null": .null, "file": .fileBuilder, "docker": .docker,
    ]

    private static let provisioners: [String: ComponentSchema] = [
        "shell": .shell, "shell-local": .shellLocal, "file": .file, "powershell": .powershell,
        "windows-shell": .windowsShell,
    ]

    private static let postProcessors: [String: ComponentSchema] = [
        "manifest": .manifest, "shell-local": .shellLocal, "docker-import": .dockerImport,
        "docker-push": .dockerPush, "docker-save": .dockerSave, "docker-tag": .dockerTag,
    ]

    private static let dataSources: [String: ComponentSchema] = [:]
}
