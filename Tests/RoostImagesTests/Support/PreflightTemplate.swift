import Foundation

/// Templates of images that are built in a scripted cloud.
enum PreflightTemplate {
    /// What is wrong in a line stands behind it: `# group, gallery`.
    static func marks(_ template: String) -> Set<String> {
        var marks: Set<String> = []
        for (number, line) in template.split(separator: "\n", omittingEmptySubsequences: false).enumerated() {
            guard let place = line.firstRange(of: "# ") else { continue }
            for code in line[place.upperBound...].split(separator: ", ") { marks.insert("\(number + 1) \(code)") }
        }
        return marks
    }

    static let source = """
          image_publisher = "Debian"
          image_offer     = "debian-12"
          image_sku       = "12-gen2"
        """

    /// A source with what all have in common, unless the lines give it.
    static func azure(_ name: String, mark: String = "", _ cloud: ScriptedCloud, _ lines: String...) -> String {
        let text = lines.joined(separator: "\n")
        var body: [String] = []
        func add(_ name: String, _ value: String) {
            if !text.contains("\(name) ") { body.append("  \(name) = \"\(value)\"") }
        }
        add("metadata_host", cloud.address)
        if !text.contains("none = true") {
            add("client_id", "22222222-2222-4222-8222-222222222222")
            add("client_secret", ScriptedCloud.secret)
            add("tenant_id", "33333333-3333-4333-8333-333333333333")
        }
        add("subscription_id", ScriptedCloud.subscription)
        add("os_type", "Linux")
        add("vm_size", "Standard_D2s_v3")
        if !text.contains("build_resource_group_name ") { add("location", "West Europe") }
        if !text.contains("\nmanaged_image_name "), !text.hasPrefix("managed_image_"), !text.contains("destination {"),
            !text.contains("storage_account ")
        {
            body.append("  managed_image_name = \"made-\(name)\"")
            body.append("  managed_image_resource_group_name = \"images\"")
        }
        let own = text.split(separator: "\n", omittingEmptySubsequences: false).filter { !$0.contains("none = true") }
        let base =
            text.contains("shared_image_gallery {") || text.contains("custom_managed_image_name ")
                || text.contains("image_publisher ") ? [] : [source]
        return
            (["source \"azure-arm\" \"\(name)\" {\(mark.isEmpty ? "" : " # \(mark)")"] + body + base
            + own.map(String.init) + ["}"]).joined(separator: "\n")
    }

    static func build(_ sources: [String], of names: [String], steps: String = "") -> String {
        let list = names.map { "\"\($0)\"" }.joined(separator: ", ")
        return sources.joined(separator: "\n") + "\nbuild {\n  sources = [\(list)]\n\(steps)\n}\n"
    }

    static func gallery(
        _ image: String,
        _ version: String = "3.0.0",
        _ mark: String = "",
        _ imageMark: String = ""
    )
        -> String
    {
        """
          shared_image_gallery_destination {
            resource_group = "images"
            gallery_name   = "agents"
            image_name     = "\(image)"\(imageMark.isEmpty ? "" : " # \(imageMark)")
            image_version  = "\(version)"\(mark.isEmpty ? "" : " # \(mark)")
          }
        """
    }
}
