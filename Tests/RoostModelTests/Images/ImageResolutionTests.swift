import FoundationEssentials
import RoostModel
import Testing

@Suite("Which version of an image is found")
struct ImageResolutionTests {
    struct Case: Sendable, CustomTestStringConvertible {
        var testDescription: String
        var versions: [ImageVersion]
        var selector = "latest"
        var region = "west"
        var excluding: [String] = []
        var channels: [String: String] = [:]
        var found: String?
        var passed: [String] = []
    }

    private static let both = [TargetRegion("west"), TargetRegion("east")]
    private static func hidden(_ number: String) -> ImageVersion {
        ImageGround.published(number) { $0.isExcludedFromLatest = true }
    }
    private static func revoked(_ number: String) -> ImageVersion {
        var version = ImageGround.published(number)
        version.revocation = ImageRevocation(reason: "a key", by: "x")
        return version
    }
    /// A region was added to it, and its copy is not there yet, or failed.
    private static func growing(_ number: String, fails: Bool = false) -> ImageVersion {
        var publishing = ImageGround.published(number).publishing
        publishing.targets = both
        let version = ImageGround.published(number).applying(.put(publishing), at: ImageGround.start)
        guard fails else { return version }
        return version.applying(.failed(ReplicaKey("east", 1), reason: "full"), at: ImageGround.start)
    }

    static let cases: [Case] = [
        Case(
            testDescription: "numbers, not text",
            versions: [
                ImageGround.published("1.0.9"), ImageGround.published("1.0.10"),
            ],
            found: "1.0.10"
        ),
        Case(
            testDescription: "the major number counts first, whatever came last",
            versions: [
                ImageGround.published("2.0.0"), ImageGround.published("1.9.0"), ImageGround.published("1.0.11"),
            ],
            found: "2.0.0"
        ),
        Case(
            testDescription: "the minor number before the patch",
            versions: [
                ImageGround.published("1.2.0"), ImageGround.published("1.1.99"),
            ],
            found: "1.2.0"
        ),
        Case(
            testDescription: "excluded everywhere",
            versions: [ImageGround.published("1.0.0"), hidden("2.0.0")],
            found: "1.0.0",
            passed: ["2.0.0"]
        ),
        Case(
            testDescription: "excluded in this region",
            versions: [
                ImageGround.published("1.0.0"),
                ImageGround.published("2.0.0", targets: [TargetRegion("west", isExcludedFromLatest: true)]),
            ],
            found: "1.0.0",
            passed: ["2.0.0"]
        ),
        Case(
            testDescription: "excluded in another region only",
            versions: [
                ImageGround.published("1.0.0", targets: both),
                ImageGround.published(
                    "2.0.0",
                    targets: [TargetRegion("west"), TargetRegion("east", isExcludedFromLatest: true)]
                ),
            ],
            found: "2.0.0"
        ),
        Case(
            testDescription: "not in this region",
            versions: [
                ImageGround.published("1.0.0", targets: both), ImageGround.published("2.0.0"),
            ],
            region: "east",
            found: "1.0.0",
            passed: ["2.0.0"]
        ),
        Case(
            testDescription: "still being made",
            versions: [
                ImageGround.published("1.0.0"), ImageGround.fresh("2.0.0"),
            ],
            found: "1.0.0",
            passed: ["2.0.0"]
        ),
        Case(
            testDescription: "failed before it was published",
            versions: [
                ImageGround.published("1.0.0"),
                ImageGround.fresh("2.0.0")
                    .applying(.failed(ReplicaKey("west", 1), reason: "full"), at: ImageGround.start),
            ],
            found: "1.0.0",
            passed: ["2.0.0"]
        ),
        Case(
            testDescription: "a region is being added",
            versions: [ImageGround.published("1.0.0"), growing("2.0.0")],
            found: "2.0.0"
        ),
        Case(
            testDescription: "adding a region failed",
            versions: [
                ImageGround.published("1.0.0"), growing("2.0.0", fails: true),
            ],
            found: "2.0.0"
        ),
        Case(
            testDescription: "the added region has it not yet",
            versions: [
                ImageGround.published("1.0.0", targets: both), growing("2.0.0"),
            ],
            region: "east",
            found: "1.0.0",
            passed: ["2.0.0"]
        ),
        Case(
            testDescription: "an end of life says nothing",
            versions: [
                ImageGround.published("1.0.0"),
                ImageGround.published("2.0.0") { $0.endOfLife = ImageGround.start - 1 },
            ],
            found: "2.0.0"
        ),
        Case(
            testDescription: "none is left",
            versions: [hidden("1.0.0"), hidden("2.0.0")],
            passed: ["2.0.0", "1.0.0"]
        ),
        Case(testDescription: "nothing is there", versions: []),
        Case(
            testDescription: "revoked",
            versions: [ImageGround.published("1.0.0"), revoked("2.0.0")],
            found: "1.0.0",
            passed: ["2.0.0"]
        ),
        Case(
            testDescription: "built from a revoked one",
            versions: [
                ImageGround.published("1.0.0"), revoked("2.0.0"),
                ImageGround.published("3.0.0", source: "\(ImageGround.key("2.0.0"))"),
            ],
            found: "1.0.0",
            passed: ["3.0.0", "2.0.0"]
        ),
        Case(
            testDescription: "not wanted",
            versions: [ImageGround.published("1.0.0"), ImageGround.published("2.0.0")],
            excluding: ["2.0.0"],
            found: "1.0.0",
            passed: ["2.0.0"]
        ),
        Case(
            testDescription: "pinned to a major number",
            versions: [
                ImageGround.published("1.0.0"), ImageGround.published("1.4.0"), ImageGround.published("2.0.0"),
            ],
            selector: "1",
            found: "1.4.0"
        ),
        Case(
            testDescription: "pinned to a minor number",
            versions: [
                ImageGround.published("1.0.3"), ImageGround.published("1.4.0"),
            ],
            selector: "1.0",
            found: "1.0.3"
        ),
        Case(
            testDescription: "an excluded one by its number",
            versions: [hidden("2.0.0")],
            selector: "2.0.0",
            found: "2.0.0"
        ),
        Case(
            testDescription: "a revoked one by its number",
            versions: [revoked("2.0.0")],
            selector: "2.0.0",
            passed: ["2.0.0"]
        ),
        Case(
            testDescription: "a channel",
            versions: [ImageGround.published("1.0.0"), ImageGround.published("2.0.0")],
            selector: "stable",
            channels: ["stable": "1.0.0"],
            found: "1.0.0"
        ),
    ]

    @Test("the highest that is published, there and not excluded; never an excluded one instead", arguments: cases)
    func finds(_ example: Case) throws {
        let query = ImageQuery(
            try #require(ImageSelector(example.selector)),
            region: example.region,
            excluding: Set(example.excluding.compactMap { ImageVersionNumber($0) })
        )
        for versions in [example.versions, example.versions.reversed()] {
            let result = resolveImage(
                query,
                among: versions,
                channels: example.channels.compactMapValues { ImageVersionNumber($0) },
                revoked: revokedVersions(among: versions)
            )
            #expect(result.version?.number.description == example.found)
            #expect(result.passed.map(\.number.description) == example.passed)
        }
    }

    @Test(
        "a version has three plain numbers of 32 bits",
        arguments: [
            ("1.0.0", true), ("0.0.0", true), ("4294967295.1.2", true), ("4294967296.0.0", false), ("1.0", false),
            ("1.0.0.0", false), ("1.0.0-beta", false), ("01.0.0", false), ("1..0", false), ("-1.0.0", false),
            ("", false),
            ("1.0.+2", false), ("١.0.0", false),
        ]
    )
    func numbers(_ text: String, _ isFine: Bool) {
        #expect(ImageVersionNumber(text)?.description == (isFine ? text : nil))
    }

    @Test("a version is named by its path, also behind a subscription's")
    func paths() {
        let long = "/subscriptions/1/resourceGroups/g/providers/Microsoft.Compute\(ImageGround.key("1.2.3"))"
        #expect(ImageVersionKey(resource: long) == ImageGround.key("1.2.3"))
        #expect(ImageVersionKey(resource: "/galleries/a/images/b") == nil)
        #expect(ImageVersionKey(resource: "Canonical:ubuntu:24_04:latest") == nil)
    }
}
