extension RootfsSettings {
    /// Those of a sandbox over an image, of which no new image is made.
    init(starting image: String, hostName: String, hasNetwork: Bool) {
        base = .path(image)
        (output, publication, sbomFolder, disk) = (nil, nil, nil, nil)
        (format, isFolder, isGeneral) = (.tar, false, false)
        (tests, mounts, environment) = ([], [], [:])
        self.hasNetwork = hasNetwork
        self.hostName = hostName
    }
}
