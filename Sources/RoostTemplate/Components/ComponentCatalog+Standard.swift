extension ComponentCatalog {
    /// Everything that this program knows of components.
    public static let standard = ComponentCatalog(
        [
            .builder: builders, .provisioner: provisioners, .postProcessor: postProcessors, .dataSource: dataSources,
        ],
        foreign: .standard
    )

    private static let builders: [String: ComponentSchema] = [
        "azure-arm": .azureArm, "azure-chroot": .azureChroot, "docker": .docker, "file": .fileBuilder,
        "incus": .incus, "lxc": .lxc, "lxd": .lxd, "null": .null, "qemu": .qemu,
        "roost-rootfs": .rootfs,
    ]

    private static let provisioners: [String: ComponentSchema] = [
        "ansible": .ansible, "ansible-local": .ansibleLocal, "breakpoint": .breakpoint, "file": .file,
        "hcp-sbom": .hcpSBOM, "powershell": .powershell, "shell": .shell, "shell-local": .shellLocal,
        "sleep": .sleep, "windows-restart": .windowsRestart, "windows-shell": .windowsShell,
        "windows-update": .windowsUpdate,
    ]

    private static let postProcessors: [String: ComponentSchema] = [
        "artifice": .artifice, "checksum": .checksum, "compress": .compress, "docker-import": .dockerImport,
        "docker-push": .dockerPush, "docker-save": .dockerSave, "docker-tag": .dockerTag, "manifest": .manifest,
        "provenance": .provenance, "roost-gallery": .roostGallery, "shell-local": .shellLocal, "vagrant": .vagrant,
    ]

    private static let dataSources: [String: ComponentSchema] = [
        "file": .fileData, "hcp-packer-artifact": .hcpPackerArtifact, "hcp-packer-image": .hcpPackerImage,
        "hcp-packer-iteration": .hcpPackerIteration, "hcp-packer-version": .hcpPackerVersion, "http": .http,
        "null": .nullData, "password": .passwordData,
    ]
}
