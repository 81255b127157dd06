import RoostModel
import Testing

@Suite("Packages of images")
struct PackageTests {
    @Test(
        "versions of Debian compare as dpkg compares them",
        arguments: [
            ("1.0", "1.0"), ("1.0-1", "1.0-1+b1"), ("1.0~rc1", "1.0"), ("1.0~~", "1.0~"), ("1.0", "1.0a"),
            ("1.0a", "1.0+"),
            ("2:1.0", "1:9.9"), ("0:1.0", "1.0"), ("1.10", "1.9"), ("1.010", "1.10"), ("1.0-10", "1.0-9"),
            ("3.0.15-1~deb12u1", "3.0.15-1"), ("3.0.15-1~deb12u1", "3.0.16-1~deb12u1"), ("1.0-1.1", "1.0-1"),
            ("20230311", "20240203~deb12u1"), ("1.2.3-a-1", "1.2.3-b-1"), ("9", "99999999999999999999999999"),
            ("1.0.", "1.0"), ("", "0"), ("a", "1"), ("1.0", "1.0-0"),
        ]
    )
    func debian(first: String, second: String) throws {
        let (left, right) = (PackageVersion(first, .deb), PackageVersion(second, .deb))
        let isLower = Self.lower.contains("\(first) \(second)")
        let isHigher = Self.lower.contains("\(second) \(first)")
        #expect((left < right) == isLower && (right < left) == isHigher)
        #expect((left == right) == (!isLower && !isHigher))
    }

    /// The lower one and the higher one of each pair that is not equal, as `dpkg --compare-versions` says.
    private static let lower: Set = [
        "1.0-1 1.0-1+b1", "1.0~rc1 1.0", "1.0~~ 1.0~", "1.0 1.0a", "1.0a 1.0+", "1:9.9 2:1.0", "1.9 1.10",
        "1.0-9 1.0-10",
        "3.0.15-1~deb12u1 3.0.15-1", "3.0.15-1~deb12u1 3.0.16-1~deb12u1", "1.0-1 1.0-1.1", "20230311 20240203~deb12u1",
        "1.2.3-a-1 1.2.3-b-1", "9 99999999999999999999999999", "1.0 1.0.", "1 a",
    ]

    @Test("a difference names what came, went, rose and fell")
    func difference() {
        func package(_ name: String, _ version: String, _ architecture: String = "amd64") -> ImagePackage {
            ImagePackage(kind: .deb, name: name, version: version, architecture: architecture)
        }
        let old = [
            package("a", "1.0"), package("b", "2.0"), package("c", "1.9"), package("d", "1"), package("k", "5"),
            package("k", "6"),
        ]
        let new = [
            package("a", "1.0"), package("b", "1.5"), package("c", "1.10"), package("e", "1"),
            package("a", "1", "i386"),
            package("k", "6"), package("k", "7"),
        ]
        let difference = PackageDifference(from: old, to: new)
        #expect(difference.added.map(\.name) == ["a", "e"] && difference.removed.map(\.name) == ["d"])
        #expect(
            difference.changed.map { "\($0.name) \($0.from) \($0.to) \($0.isDowngrade)" } == [
                "b 2.0 1.5 true", "c 1.9 1.10 false", "k 5 7 false",
            ]
        )
        #expect(PackageDifference(from: old, to: old.reversed()).isEmpty)
    }

    @Test("a query finds packages by their name or source, below a version")
    func query() {
        let packages = [
            ImagePackage(kind: .deb, name: "openssl", version: "3.0.15-1", architecture: "amd64"),
            ImagePackage(kind: .deb, name: "libssl3", version: "3.0.15-1", architecture: "amd64", source: "openssl"),
            ImagePackage(kind: .deb, name: "openssl-doc", version: "1", architecture: "all"),
        ]
        #expect(PackageQuery(name: "openssl").matches(in: packages).count == 2)
        #expect(PackageQuery(name: "openssl", below: "3.0.16").matches(in: packages).count == 2)
        #expect(PackageQuery(name: "openssl", below: "3.0.15-1").matches(in: packages).isEmpty)
        #expect(PackageQuery(name: "libssl3", below: "3.1").matches(in: packages).map(\.name) == ["libssl3"])
    }

    @Test("a package URL escapes what has a meaning in it")
    func url() {
        let package = ImagePackage(
            kind: .deb,
            name: "libstdc++6",
            version: "1:12.2.0-14+deb12u1",
            architecture: "amd64"
        )
        let system = ImageSystem(osRelease: "ID=debian\nVERSION_ID=\"12\"\nPRETTY_NAME=\"Debian GNU/Linux 12\"\n")
        #expect(
            package.url(in: system) == "pkg:deb/debian/libstdc%2B%2B6@1:12.2.0-14%2Bdeb12u1?arch=amd64&distro=debian-12"
        )
    }

    @Test("the next number follows the highest, or that of the source")
    func versioning() throws {
        let numbers = ["1.0.9", "1.0.10", "2.3.0", "1.4.2"].compactMap { ImageVersionNumber($0) }
        #expect(GalleryVersioning.next(major: nil).number(after: numbers)?.description == "2.3.1")
        #expect(GalleryVersioning.next(major: 1).number(after: numbers)?.description == "1.4.3")
        #expect(GalleryVersioning.next(major: 7).number(after: numbers)?.description == "7.0.1")
        #expect(GalleryVersioning.next(major: nil).number(after: [])?.description == "0.0.1")
        #expect(GalleryVersioning.source(ImageVersionNumber(9, 1, 1)).number(after: numbers)?.description == "9.1.1")
        #expect(GalleryVersioning.source(ImageVersionNumber(1, 0, 9)).number(after: numbers)?.description == "1.0.11")
        let last = ImageVersionNumber(1, 0, .max)
        #expect(GalleryVersioning.next(major: nil).number(after: [last]) == nil)
    }
}
