extension RootfsSettings {
    /// Those of a sandbox over an image, of which no new image is made.
    init(starting image: BootImage, hostName: String, hasNetwork: Bool) {
        switch image {
        case .path(let path): base = .path(path)
        case .version(let version): base = .gallery(version)
        }
        (output, publication, sbomFolder, disk) = (nil, nil, nil, nil)
        (format, isFolder, isGeneral) = (.tar, false, false)
        (tests, mounts, environment) = ([], [], [:])
        self.hasNetwork = hasNetwork
        self.hostName = hostName
    }
}
