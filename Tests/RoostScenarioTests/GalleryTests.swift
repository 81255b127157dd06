import Crypto
import Foundation
import Logging
import RoostClient
import RoostModel
import RoostServer
import RoostStore
import RoostTesting
import RoostWire
import Testing

@Suite("Galleries of images", .timeLimit(.minutes(5)))
struct GalleryTests {
    private func roost(_ cluster: TestCluster, _ words: String) async throws -> (code: Int32, output: String) {
        let environment = ["ROOST_URL": cluster.address, "ROOST_TOKEN": cluster.token.exposed, "NO_COLOR": "1"]
        let parts = words.split(separator: " ").map(String.init)
        return try await ChildProgram("roost", parts, environment: environment, folder: cluster.folder.path).finished()
    }

    private func done(_ cluster: TestCluster, _ words: String) async throws -> String {
        let (code, output) = try await roost(cluster, words)
        #expect(code == 0, "\(words): \(output)")
        return output
    }

    private func refused(_ cluster: TestCluster, _ words: String, _ text: String) async throws {
        let answer = try await roost(cluster, words)
        #expect(answer.code == 1 && answer.output.contains(text), "\(words): \(answer.output)")
    }

    /// Two regions beside `local`.
    private static func regions(_ configuration: inout ServerConfiguration) {
        let folder = configuration.data
        configuration.imageRegions = ImageRegionList(folders: ["west": "\(folder)/west", "east": "\(folder)/east"])
    }

    private static let quiet: Logger = {
        var logger = Logger(label: "roost.test")
        logger.logLevel = .critical
        return logger
    }()

    private static let definition = "--publisher contoso --offer agents --sku debian --os-type linux"

    private func bytes(_ count: Int) -> Data {
        var generator = SystemRandomNumberGenerator()
        return Data((0..<count / 8).flatMap { _ in withUnsafeBytes(of: generator.next() as UInt64) { Array($0) } })
    }

    private func hash(_ data: Data) -> String { SHA256.hash(data: data).map { String(format: "%02x", $0) }.joined() }

    @Test("published to two regions, the copies are equal, counted, found, fetched and withdrawn")
    func life() async throws {
        try await TestCluster.with(configure: Self.regions) { cluster in
            let image = bytes(1 << 20)
            try image.write(to: URL(filePath: "\(cluster.folder.path)/disk.raw"))
            _ = try await done(cluster, "gallery create agents --location west")
            try await refused(cluster, "gallery create my-agents", "cannot be that of a gallery")
            _ = try await done(cluster, "image-definition create agents debian \(Self.definition)")
            try await refused(
                cluster,
                "image-definition create agents other \(Self.definition)",
                "has the publisher, offer and sku"
            )
            try await refused(
                cluster,
                "image-definition create agents debian \(Self.definition) --hyper-v-generation V1",
                "cannot become 'V1'"
            )
            try await refused(
                cluster,
                "image-version create agents debian 1.0 disk.raw",
                "cannot be that of an image version"
            )
            try await refused(
                cluster,
                "image-version create agents debian 1.0.0 disk.raw --target-region east",
                "is not among its target regions"
            )
            let publish =
                "image-version create agents debian 1.0.0 disk.raw --target-region west --target-region east=2"
            let said = try await done(cluster, publish)
            #expect(said.contains(hash(image)), "\(said)")
            let shown = try await cluster.client.imageVersion("1.0.0", gallery: "agents", definition: "debian")
            #expect(shown.properties?.contentHash == hash(image))
            let summary = try #require(shown.properties?.replicationStatus)
            #expect(summary.aggregatedState == "Completed")
            #expect(summary.summary.map(\.details) == ["1 of 1 replicas", "2 of 2 replicas"])
            #expect(shown.properties?.publishingProfile?.targetRegions?.map(\.regionalReplicaCount) == [1, 2])
            try await copiesAreEqual(cluster)
            _ = try await done(cluster, "image-version download agents debian 1.0.0 --region east --path out")
            #expect(try Data(contentsOf: URL(filePath: "\(cluster.folder.path)/out/disk.raw")) == image)
            // The same once more is no fault; another content of the same number is.
            _ = try await done(cluster, publish)
            try bytes(1 << 16).write(to: URL(filePath: "\(cluster.folder.path)/other.raw"))
            try await refused(
                cluster,
                "image-version create agents debian 1.0.0 other.raw",
                "the content of a version never changes"
            )
            try await finding(cluster)
            try await deleting(cluster)
        }
    }

    /// The files of all three copies.
    private func copiesAreEqual(_ cluster: TestCluster) async throws {
        let folders = ["west/replica-1", "east/replica-1", "east/replica-2"].map { "\(cluster.folder.path)/\($0)" }
        let copies = try folders.map { folder in
            let names = try FileManager.default.subpathsOfDirectory(atPath: folder)
                .filter { $0.hasPrefix("gallery-") && $0.split(separator: "/").last?.count == 64 }.sorted()
            return try names.map { "\($0) \(hash(try Data(contentsOf: URL(filePath: "\(folder)/\($0)"))))" }
        }
        #expect(copies[0].count > 1)
        #expect(Set(copies).count == 1)
    }

    private func finding(_ cluster: TestCluster) async throws {
        let base = "image-version create agents debian"
        _ = try await done(
            cluster,
            "\(base) 1.0.10 other.raw --built-from /galleries/agents/images/debian/versions/1.0.0"
        )
        _ = try await done(cluster, "\(base) 1.0.9 --source /galleries/agents/images/debian/versions/1.0.0")
        #expect(try await done(cluster, "image-version latest agents debian").hasPrefix("1.0.10"))
        let east = try await roost(cluster, "image-version latest agents debian --region east")
        #expect(east.output.hasPrefix("1.0.0") && east.output.contains("not 1.0.10"), "\(east.output)")
        _ = try await done(cluster, "image-version update agents debian 1.0.10 --exclude-from-latest true")
        #expect(try await done(cluster, "image-version latest agents debian").hasPrefix("1.0.9"))
        _ = try await done(cluster, "image-version promote agents debian 1.0.10 canary")
        #expect(try await done(cluster, "image-version latest agents debian --select canary").hasPrefix("1.0.10"))
        try await refused(cluster, "image-version latest agents debian --select stabel", "There is no channel 'stabel'")
        _ = try await done(cluster, "image-version revoke agents debian 1.0.0 --reason key")
        let none = try await roost(cluster, "image-version latest agents debian")
        #expect(none.code == 1 && none.output.contains("is revoked: key"), "\(none.output)")
        _ = try await done(cluster, "image-version revoke agents debian 1.0.0 --undo")
        #expect(try await done(cluster, "image-version latest agents debian").hasPrefix("1.0.9"))
    }

    private func deleting(_ cluster: TestCluster) async throws {
        try await refused(cluster, "image-version delete agents debian 1.0.10", "the channel 'canary' points at it")
        try await refused(cluster, "image-definition delete agents debian", "it has 3 versions")
        try await refused(cluster, "gallery delete agents", "it has 1 image definition.")
        let safe = "--end-of-life-date 2999-01-01 --block-deletion-before-end-of-life true"
        _ = try await done(cluster, "image-version update agents debian 1.0.0 \(safe)")
        try await refused(cluster, "image-version delete agents debian 1.0.0", "before its end of life")
        let plan = try await done(cluster, "image-version prune agents debian --keep 1 --dry-run")
        #expect(plan.contains("channel") && plan.contains("safety") && plan.contains("recent"), "\(plan)")
        _ = try await done(cluster, "image-version delete agents debian 1.0.9")
        _ = try await done(
            cluster,
            "image-version update agents debian 1.0.0 --block-deletion-before-end-of-life false"
        )
        _ = try await done(cluster, "image-version delete agents debian 1.0.0")
        // Content of versions that are gone goes; that of the one which stays does not.
        _ = try await cluster.plane.keepContent(at: Date() + 1, grace: .zero)
        _ = try await done(cluster, "image-version download agents debian 1.0.10 --path kept")
        let east = try FileManager.default.subpathsOfDirectory(atPath: "\(cluster.folder.path)/east")
        #expect(!east.contains { $0.split(separator: "/").last?.count == 64 }, "\(east)")
        try await refused(
            cluster,
            "image-definition update agents debian --remove-channel canari",
            "Did you mean 'canary'?"
        )
        _ = try await done(cluster, "image-definition update agents debian --remove-channel canary")
        _ = try await done(cluster, "image-version delete agents debian 1.0.10")
        _ = try await done(cluster, "image-definition delete agents debian")
        _ = try await done(cluster, "gallery delete agents")
        #expect(try await cluster.client.galleries().isEmpty)
        let audit = try await done(cluster, "audit")
        for word in ["gallery.create", "image-version.create", "image-version.revoke", "image-version.delete"] {
            #expect(audit.contains(word))
        }
    }

    @Test("a slow replication says how far it is, and goes on after a restart")
    func restart() async throws {
        let ground = try ScratchFolder()
        defer { ground.remove() }
        let image = bytes(4 << 20)
        @Sendable func configure(_ configuration: inout ServerConfiguration, _ rate: Int) {
            configuration.data = ground.path
            configuration.imageReplicationRate = ByteCount(rate)
            Self.regions(&configuration)
        }
        let first = try AESSealer(keyFile: "\(ground.path)/seal.key")
        try await TestCluster.with(
            store: SQLiteStore(path: "\(ground.path)/roost.db", sealer: first, logger: Self.quiet),
            sealer: first,
            configure: { configure(&$0, 256 << 10) }
        ) { cluster in
            try image.write(to: URL(filePath: "\(cluster.folder.path)/disk.raw"))
            _ = try await done(cluster, "gallery create agents --location west")
            _ = try await done(cluster, "image-definition create agents debian \(Self.definition)")
            let create = "image-version create agents debian 1.0.0 disk.raw"
            _ = try await done(cluster, "\(create) --target-region west --target-region east --no-wait")
            var seen = 0
            while seen == 0 {
                let version = try await cluster.client.imageVersion("1.0.0", gallery: "agents", definition: "debian")
                try #require(version.properties?.provisioningState == "Creating")
                seen = version.properties?.replicationStatus?.summary.last?.progress ?? 0
            }
            #expect((1...99).contains(seen))
            try await refused(cluster, "image-version latest agents debian", "has no version 'latest' in region")
        }
        let second = try AESSealer(keyFile: "\(ground.path)/seal.key")
        try await TestCluster.with(
            store: SQLiteStore(path: "\(ground.path)/roost.db", sealer: second, logger: Self.quiet),
            sealer: second,
            configure: { configure(&$0, 0) }
        ) { cluster in
            let again = try await done(cluster, "image-version update agents debian 1.0.0")
            #expect(again.contains("is published") && again.contains(hash(image)), "\(again)")
            #expect(try await done(cluster, "image-version latest agents debian --region east").hasPrefix("1.0.0"))
        }
    }

    @Test("a copy that was damaged before it was read back is made anew; content of another hash is not published")
    func damage() async throws {
        try await TestCluster.with(configure: Self.regions) { cluster in
            let image = bytes(1 << 19)
            try image.write(to: URL(filePath: "\(cluster.folder.path)/disk.raw"))
            _ = try await done(cluster, "gallery create agents --location west")
            _ = try await done(cluster, "image-definition create agents debian \(Self.definition)")
            let wrong = String(repeating: "0", count: 64)
            let other = try await roost(cluster, "image-version create agents debian 1.0.0 disk.raw --sha256 \(wrong)")
            #expect(other.code == 1 && other.output.contains(hash(image)), "\(other.output)")
            _ = try await done(cluster, "image-version create agents debian 1.0.1 disk.raw")
            // The same pieces, broken, are in the other region already.
            let west = "\(cluster.folder.path)/west/replica-1"
            let east = "\(cluster.folder.path)/east/replica-1"
            for name in try FileManager.default.subpathsOfDirectory(atPath: west)
            where name.hasPrefix("gallery-") && name.split(separator: "/").last?.count == 64 {
                let place = URL(filePath: "\(east)/\(name)")
                try FileManager.default.createDirectory(
                    at: place.deletingLastPathComponent(),
                    withIntermediateDirectories: true
                )
                try Data("broken".utf8).write(to: place)
                break
            }
            let update = "image-version update agents debian 1.0.1 --target-region west --target-region east"
            #expect(try await done(cluster, update).contains("is published"))
            _ = try await done(cluster, "image-version download agents debian 1.0.1 --region east --path out")
            #expect(try Data(contentsOf: URL(filePath: "\(cluster.folder.path)/out/disk.raw")) == image)
        }
    }
}
