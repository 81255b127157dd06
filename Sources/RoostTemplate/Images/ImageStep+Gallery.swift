extension ImageStep {
    /// The post-processor that records what was built in a gallery of a Roost server.
    public static let recordingType = "roost-gallery"

    /// What a recording makes; nil for other steps, and when something of it is not known before the build.
    public var recording: GalleryPublication? {
        guard type == Self.recordingType, settings.isKnown, let gallery = settings.text("gallery_name"),
            let image = settings.text("image_name")
        else { return nil }
        return GalleryPublication(
            image: GalleryImageName(resourceGroup: "", gallery: gallery, image: image),
            version: settings.text("image_version").map { .exact($0) } ?? .next(major: nil),
            regions: settings.blocks("target_region").compactMap(GalleryRegion.init(own:)),
            isExcludedFromLatest: settings.truth("exclude_from_latest"),
            endOfLife: settings.text("end_of_life_date")
        )
    }
}

extension ImageTarget {
    /// Post-processors that record in galleries.
    public var recordings: [ImageStep] {
        postProcessors.flatMap { $0 }.filter { $0.type == ImageStep.recordingType }
    }
}

extension GalleryRegion {
    fileprivate init?(own settings: ImageSettings) {
        guard let name = settings.text("name") else { return nil }
        self.init(
            name: name,
            replicas: settings.whole("replicas") ?? 1,
            storageAccountType: settings.text("storage_account_type")
        )
    }
}

extension ImageSettings {
    /// Whether no value is left for the time of the build.
    var isKnown: Bool { entries.allSatisfy { $0.value.isKnown } }
}

extension SettingValue {
    fileprivate var isKnown: Bool {
        switch form {
        case .template, .later: false
        case .list(let elements): elements.allSatisfy(\.isKnown)
        case .object(let settings): settings.isKnown
        case .null, .text, .number, .truth: true
        }
    }
}
