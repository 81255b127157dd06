import Foundation
import RoostLanguage
import RoostTemplate
import Testing

@testable import RoostImages

/// What of a target is packer's, and what is left to be done here.
@Suite("Handing a target to packer")
struct PackerHandoverTests {
    private static let own: Set = ["roost-gallery", "manifest", "compress"]

    private func target(_ chains: [[String]]) -> ImageTarget {
        ImageTarget(
            name: "docker.d",
            type: "docker",
            sourceName: "d",
            postProcessors: chains.map { $0.map { ImageStep(type: $0) } }
        )
    }

    private func handover(_ chains: [[String]]) -> PackerHandover { PackerHandover(target(chains), own: Self.own) }

    struct Case: CustomTestStringConvertible {
        var chains: [[String]]
        /// What packer gets: types, and files of markers.
        var handed: [[String]]
        var rests: [[String]]
        var markers: [String?]

        var testDescription: String { "\(chains)" }
    }

    @Test(
        "packer's part of a chain ends before roost-gallery, and with a marker when there is one",
        arguments: [
            Case(chains: [["docker-tag"]], handed: [["docker-tag"]], rests: [], markers: []),
            Case(chains: [["roost-gallery"]], handed: [], rests: [["roost-gallery"]], markers: [nil]),
            Case(
                chains: [["compress", "roost-gallery", "manifest"]],
                handed: [["compress", "/f/chain-1.json"]],
                rests: [["roost-gallery", "manifest"]],
                markers: ["chain-1.json"]
            ),
            Case(
                chains: [["compress"], ["roost-gallery"], ["docker-tag", "roost-gallery"]],
                handed: [["compress"], ["docker-tag", "/f/chain-3.json"], ["/f/builder.json"]],
                rests: [["roost-gallery"], ["roost-gallery"]],
                markers: [nil, "chain-3.json"]
            ),
        ]
    )
    func split(_ example: Case) {
        let handover = handover(example.chains)
        let handed = handover.target(markingIn: "/f").postProcessors.map { chain in
            chain.map { $0.settings["output"]?.text ?? $0.type }
        }
        #expect(handed == example.handed)
        #expect(handover.rests.map { $0.steps.map(\.type) } == example.rests)
        #expect(handover.rests.map(\.marker) == example.markers)
        #expect(handover.problems.isEmpty)
    }

    @Test("what packer would have to do after it, and what nobody can take away, is refused")
    func order() {
        #expect(handover([["roost-gallery", "docker-push"]]).problems.map(\.code) == ["image-build.order"])
        var target = target([["roost-gallery"]])
        target.postProcessors[0][0].keepsInputArtifact = false
        #expect(PackerHandover(target, own: Self.own).problems.map(\.code) == ["image-build.keeps-input"])
    }

    @Test("files of an artifact are put under their names, or where they lie when two have one name")
    func folders() {
        #expect(ArtifactContent.folders(of: ["/w/out/a.qcow2", "/w/b"]) == ["", ""])
        #expect(ArtifactContent.folders(of: ["/w/x/disk", "/w/y/z/disk", "/w/c"]) == ["x", "y/z", ""])
    }

    @Test("of an artifact's text names and values are kept, and nothing that lets others in")
    func values() {
        let text = """
            Azure.ResourceManagement.VMImage:

            OSType: Linux
            StorageAccountLocation: chinanorth3
            OSDiskUri: https://store.example/system/a.vhd?sig=hush
            OSDiskUriReadOnlySas: https://store.example/system/a.vhd?se=2026&sig=hush
            TemplateUriReadOnlySas: https://store.example/system/t.json?sig=hush
            """
        let artifact = ImageArtifact(builderID: "b", id: "https://store.example/system/a.vhd", text: text)
        let record = ArtifactRecord(artifact, ImageTarget(name: "azure-arm.a", type: "azure-arm"))
        #expect(
            record.values == [
                "OSType": "Linux", "StorageAccountLocation": "chinanorth3",
                "OSDiskUri": "https://store.example/system/a.vhd",
            ]
        )
        #expect(record.location == "chinanorth3")
    }
}
