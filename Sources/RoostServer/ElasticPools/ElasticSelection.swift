import RoostModel

/// What an image of a pool comes to in its gallery.
struct ElasticSelection: Sendable {
    /// The version that the image's selector finds.
    var wanted: Result<ElasticInstance.Image, ElasticImageProblem>
    /// Versions that jobs can ask for by their numbers, the newest first.
    var named: [ElasticInstance.Image]

    /// Those that are neither wanted nor on trial.
    func others(besides roll: ElasticRoll) -> [ElasticInstance.Image] {
        let taken = [roll.wanted?.digest, roll.candidate?.digest]
        return named.filter { !taken.contains($0.digest) }
    }
}

/// Selections of all images of a pool; they hold until a gallery or the pool's images change.
struct ElasticSelections: Sendable {
    private var revision: Int?
    private var images: [ElasticImage] = []
    private var found: [ElasticSelection] = []

    init() {}

    init(_ found: [ElasticSelection], of images: [ElasticImage], at revision: Int) {
        (self.found, self.images, self.revision) = (found, images, revision)
    }

    /// Whether they hold.
    func hold(for images: [ElasticImage], at revision: Int) -> Bool {
        self.revision == revision && self.images == images
    }

    /// The one of an image; nil when it is to be found anew.
    func selection(of image: ElasticImage, at revision: Int) -> ElasticSelection? {
        guard self.revision == revision, let place = images.firstIndex(of: image) else { return nil }
        return found[place]
    }
}

extension ControlState {
    /// What an image of a pool comes to now.
    func selection(of image: ElasticImage, _ elastic: ElasticState) -> ElasticSelection {
        elastic.memory.selections.selection(of: image, at: images.revision) ?? select(image)
    }

    /// Finds what the images of a pool come to, unless that is known.
    mutating func refreshSelections(of pool: PoolID) {
        guard let elastic = elastic[pool] else { return }
        let wanted = elastic.settings.images
        guard !elastic.memory.selections.hold(for: wanted, at: images.revision) else { return }
        let found = ElasticSelections(wanted.map(select), of: wanted, at: images.revision)
        self.elastic[pool]?.memory.selections = found
    }

    private func select(_ image: ElasticImage) -> ElasticSelection {
        ElasticSelection(wanted: wantedVersion(of: image).map { made($0, of: image) }, named: named(image))
    }

    private static let mostNamed = 20

    private func named(_ image: ElasticImage) -> [ElasticInstance.Image] {
        images.versions(of: ImageDefinitionKey(image.gallery, image.definition)).reversed().lazy
            .filter {
                $0.isPublished && images.revoked[$0.key] == nil && !image.excluded.contains($0.number.description)
            }
            .prefix(Self.mostNamed)
            .map { made($0, of: image) }
    }

    private func made(_ version: ImageVersion, of image: ElasticImage) -> ElasticInstance.Image {
        .init(
            name: image.name,
            version: ElasticInstance.Image.title(version.key),
            digest: version.contentHash ?? ""
        )
    }

    private func wantedVersion(of image: ElasticImage) -> Result<ImageVersion, ElasticImageProblem> {
        guard let gallery = images.galleries[image.gallery.lowercased()] else {
            return .failure(.noGallery(image.gallery))
        }
        let key = ImageDefinitionKey(image.gallery, image.definition)
        guard let definition = images.definitions[key] else { return .failure(.noDefinition(key)) }
        guard let selector = ImageSelector(image.selector) else { return .failure(.selector(image.selector)) }
        let excluded = Set(image.excluded.compactMap { ImageVersionNumber($0) })
        let found = resolveImage(
            ImageQuery(selector, region: gallery.location, excluding: excluded),
            among: images.versions(of: key),
            channels: definition.channels,
            revoked: images.revoked
        )
        guard let version = found.version else { return .failure(.nothing(key, selector, found.passed)) }
        return .success(version)
    }
}
