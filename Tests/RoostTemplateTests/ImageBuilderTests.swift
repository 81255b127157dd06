import Foundation
import RoostLanguage
import Testing

@testable import RoostTemplate

/// Reads a template of Image Builder out of a text.
func imageBuilder(
    _ text: String,
    _ values: [String: String] = [:],
    files: [String] = [],
    only: [String] = [],
    keepsPlaceholders: Bool = false
) -> ImageTemplateReading {
    let input = ImageTemplateInput(
        path: "t.json",
        variableFiles: files,
        arguments: values.sorted { $0.key < $1.key }.map { .init(name: $0.key, text: $0.value) },
        now: Date(timeIntervalSince1970: 1_700_000_000),
        only: only
    )
    return ImageBuilderTemplate.read(Array(text.utf8), name: "t.json", input, keepsPlaceholders: keepsPlaceholders)
}

/// Values for all placeholders of the quick-starts.
let quickStartValues = [
    "subscriptionID": "0000-11", "rgName": "builds", "region": "westeurope", "region1": "westeurope",
    "region2": "West US 2", "imageDefName": "ubuntu", "sharedImageGalName": "gallery", "acgName": "gallery",
    "runOutputName": "out", "imageName": "image", "vnetRgName": "net", "vnetName": "vnet", "subnetName": "default",
    "imgBuilderId":
        "/subscriptions/0000-11/resourceGroups/builds/providers/Microsoft.ManagedIdentity/userAssignedIdentities/ib",
]

@Suite("Templates of Image Builder")
struct ImageBuilderTests {
    private static let folder = Shared.images.map { "\($0)/Azure__azvmimagebuilder/quickquickstarts" }

    @Test("probe")
    func probe() throws {
        for path in Shared.files(Self.folder, ending: ".json") {
            let bytes = try Shared.bytes("\(Self.folder ?? "")/\(path)")
            print(path, ImageBuilderTemplate.recognises(bytes))
            let text = String(decoding: bytes, as: UTF8.self)
            print(listed(imageBuilder(text).diagnostics))
            let values = quickStartValues.filter { text.contains("<\($0.key)>") }
            let reading = imageBuilder(text, values.merging(text.contains("svclocation") ? ["svclocation":"westeurope","api-version":"2022-02-14","imageTemplateName":"n"] : [:]){$1})
            print("--filled\n" + listed(reading.diagnostics))
            for target in reading.plan.targets {
                print(target.name, target.base as Any, target.destinations as Any, target.provisioners.map(\.type))
            }
            print(reading.plan.variables.map { "\($0.name)=\($0.value?.json ?? "-")" })
        }
    }
}
