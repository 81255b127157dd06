import FoundationEssentials
import RoostModel
import Testing

@Suite("What is done for a version of an image, and what may be deleted")
struct ImagePlanTests {
    private static let regions = [TargetRegion("east", replicas: 2), TargetRegion("west")]
    private let now = ImageGround.start

    @Test("the home region is read back first, then each copy is made from the nearest good one")
    func order() {
        var version = ImageGround.fresh("1.0.0", targets: Self.regions)
        var steps: [ReplicaStep] = []
        while let step = nextReplicaStep(of: version) {
            steps.append(step)
            switch step {
            case .verify(let key), .copy(_, let key): version = version.applying(.verified(key, hash: "h"), at: now)
            case .giveUp(let key, let reason): version = version.applying(.failed(key, reason: reason), at: now)
            }
            #expect(version.isPublished == (steps.count == 3))
        }
        let (home, first, second) = (ReplicaKey("west", 1), ReplicaKey("east", 1), ReplicaKey("east", 2))
        #expect(steps == [.verify(home), .copy(from: home, to: first), .copy(from: first, to: second)])
        #expect(version.state == .succeeded && version.publishedAt == now && version.contentHash == "h")
    }

    @Test("content of another version comes from one of its copies")
    func seeds() {
        let far = ReplicaKey("north", 1)
        let version = ImageGround.fresh("1.0.0", seeds: [far])
        #expect(nextReplicaStep(of: version) == .copy(from: far, to: ReplicaKey("west", 1)))
        #expect(
            nextReplicaStep(of: ImageGround.fresh("1.0.0", seeds: [far, ReplicaKey("west", 1)]))
                == .verify(ReplicaKey("west", 1))
        )
    }

    @Test("a copy with another hash fails the version; put again, it is tried again")
    func otherHash() {
        let made = ImageGround.fresh("1.0.0", targets: [TargetRegion("west"), TargetRegion("east")])
        let half = made.applying(.verified(ReplicaKey("west", 1), hash: "h"), at: now)
        let wrong = half.applying(.verified(ReplicaKey("east", 1), hash: "other"), at: now)
        #expect(wrong.state == .failed("region 'east': its content has the hash other"))
        #expect(!wrong.isPublished && nextReplicaStep(of: wrong) == nil)
        let again = wrong.applying(.put(wrong.publishing), at: now)
        #expect(again.state == .creating)
        #expect(nextReplicaStep(of: again) == .copy(from: ReplicaKey("west", 1), to: ReplicaKey("east", 1)))
        let done = again.applying(.verified(ReplicaKey("east", 1), hash: "h"), at: now)
        #expect(done.state == .succeeded)
        // What comes late changes nothing.
        #expect(done.applying(.failed(ReplicaKey("east", 1), reason: "late"), at: now) == done)
    }

    @Test("without its first copy a version gives the others up, with the reason")
    func givesUp() {
        var version = ImageGround.fresh("1.0.0", targets: [TargetRegion("west"), TargetRegion("east")])
        version = version.applying(.failed(ReplicaKey("west", 1), reason: "full"), at: now)
        let reason = "there is no good copy to make it from"
        #expect(nextReplicaStep(of: version) == .giveUp(ReplicaKey("east", 1), reason: reason))
        version = version.applying(.failed(ReplicaKey("east", 1), reason: reason), at: now)
        #expect(version.state == .failed("region 'west': full"))
    }

    @Test("progress is that of the bytes, and 100 only once all is verified")
    func progress() {
        var version = ImageGround.fresh("1.0.0", targets: Self.regions)
        version = version.applying(.verified(ReplicaKey("west", 1), hash: "h"), at: now)
        let half = replicationSummary(of: version, done: [ReplicaKey("east", 1): 50])
        #expect(half.map(\.progress) == [25, 100])
        #expect(half.map(\.state) == [.replicating, .completed])
        let all = replicationSummary(of: version, done: [ReplicaKey("east", 1): 100, ReplicaKey("east", 2): 100])
        #expect(all.first?.progress == 99)
        #expect(all.first?.details == "0 of 2 replicas")
    }

    @Test("where a version may be published")
    func publishing() {
        let known: Set<String> = ["west", "east"]
        func fault(_ targets: [TargetRegion], before: ImageVersion? = nil, keeps: Bool = false) -> PublishingFault? {
            var publishing = ImageVersion.Publishing(targets: targets)
            publishing.isKeptUntilEndOfLife = keeps
            return publishing.fault(home: "west", known: known, before: before)
        }
        let west = TargetRegion("west")
        #expect(fault([]) == .noRegion)
        #expect(fault([TargetRegion("east")]) == .homeMissing("west"))
        #expect(fault([west, west]) == .regionTwice("west"))
        #expect(fault([west, TargetRegion("north")]) == .regionUnknown("north"))
        #expect(fault([TargetRegion("west", replicas: 0)]) == .replicaCount(0, region: "west"))
        #expect(fault([TargetRegion("west", replicas: 101)]) == .replicaCount(101, region: "west"))
        #expect(fault([west], keeps: true) == .endOfLifeMissing)
        let bound = ImageGround.published("1.0.0", targets: [west, TargetRegion("east")]) {
            $0.allowsRegionRemoval = false
        }
        #expect(fault([west], before: bound) == .regionKept("east"))
        #expect(fault([west, TargetRegion("east")], before: bound) == nil)
    }

    @Test("what keeps a version, and which ones go")
    func deletion() {
        let kept = ImageGround.published("1.0.0") {
            $0.endOfLife = ImageGround.start + 10
            $0.isKeptUntilEndOfLife = true
        }
        #expect(keeper(of: kept, channels: [:], at: now) == .safety(until: now + 10))
        #expect(keeper(of: kept, channels: [:], at: now + 10) == nil)
        let stable = ["stable": ImageVersionNumber(1, 1, 0)]
        let versions =
            [kept, ImageGround.fresh("6.0.0")]
            + ["1.1.0", "1.2.0", "3.0.0", "4.0.0", "5.0.0"].map { ImageGround.published($0) }
        let plan = planImageRetention(
            versions,
            keep: 2,
            channels: stable,
            revoked: [ImageGround.key("5.0.0")],
            at: now
        )
        let decisions = Dictionary(plan.map { ($0.number.description, $0.reason) }) { first, _ in first }
        #expect(
            decisions == [
                "6.0.0": .atWork, "5.0.0": .revoked, "4.0.0": .recent, "3.0.0": .recent, "1.2.0": .tooOld,
                "1.1.0": .kept(.channel("stable")), "1.0.0": .kept(.safety(until: now + 10)),
            ]
        )
    }

    @Test("a revocation reaches what was built from it, and what was built from that")
    func revocation() {
        var first = ImageGround.published("1.0.0")
        first.revocation = ImageRevocation(reason: "a key", by: "x")
        let second = ImageGround.published("2.0.0", source: "\(first.key)")
        let third = ImageGround.published("3.0.0", source: "\(second.key)")
        let other = ImageGround.published("4.0.0", source: "debian:13")
        let reached = revokedVersions(among: [third, other, second, first])
        #expect(
            reached == [
                first.key: RevokedBy(first.key, "a key"), second.key: RevokedBy(first.key, "a key"),
                third.key: RevokedBy(first.key, "a key"),
            ]
        )
    }

    @Test("what a definition is can not be changed, and its triple is its own")
    func definitions() {
        func definition(_ name: String, sku: String, _ generation: ImageDefinition.Generation = .v2) -> ImageDefinition
        {
            ImageDefinition(
                name: name,
                gallery: "agents",
                location: "west",
                identifier: .init(publisher: "contoso", offer: "agents", sku: sku),
                system: .linux,
                systemState: .generalized,
                generation: generation,
                architecture: .x64,
                settings: .init(),
                createdAt: now,
                createdBy: "x"
            )
        }
        let one = definition("one", sku: "13")
        #expect(definition("two", sku: "13").twin(among: [one])?.name == "one")
        #expect(definition("ONE", sku: "13").twin(among: [one]) == nil)
        #expect(definition("two", sku: "12").twin(among: [one]) == nil)
        #expect(one.fixedDifference(from: definition("one", sku: "13", .v1))?.property == "hyperVGeneration")
        #expect(one.fixedDifference(from: definition("one", sku: "12"))?.property == "identifier")
        #expect(definition("one", sku: "a b").flaw != nil && one.flaw == nil)
        #expect(!GalleryNames.isGallery("my-gallery") && GalleryNames.isDefinition("my-image"))
    }
}
