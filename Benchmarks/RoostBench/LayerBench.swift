import Foundation
import RoostTesting
import RoostWire

/// Builds of a recipe with ten provisioners: cold, repeated, mended, changed, and published.
///
/// The peer is the cold build.
struct LayerBench {
    let site: Site

    static func run() async throws -> [Measurement] {
        guard BusyboxTree.program != nil else { return [] }
        return try await Site.with(agents: 0) { site in
            try BusyboxTree.make("\(site.folder.path)/base")
            return try await LayerBench(site: site).measure()
        }
    }

    /// Eight steps that install, each with as much work as a small package takes, and two that configure.
    private func recipe(broken: Int? = nil, changed: Int? = nil, publishing: Bool = false) -> String {
        let steps = (1...10).map { number in
            var lines =
                number <= 8
                ? ["head -c 40000000 /dev/zero | sha256sum > /opt/\(number)"] : ["echo \(number) > /etc/\(number)"]
            if number == broken { lines.append("false") }
            if number == changed { lines.append("true") }
            let text = lines.map { "\"\($0)\"" }.joined(separator: ", ")
            return "  provisioner \"shell\" { inline = [\"mkdir -p /opt\", \(text)] }\n"
        }
        let destination = """
            shared_image_gallery_destination {
                gallery_name = "bench"
                image_name   = "image"
                target_region {
                  name     = "local"
                  replicas = 2
                }
              }
            """
        return """
            source "roost-rootfs" "a" {
              base   = "base"
              output = "image.tar"
              \(publishing ? destination : "")
            }
            build {
              sources = ["source.roost-rootfs.a"]
            \(steps.joined())}

            """
    }

    private func measure() async throws -> [Measurement] {
        let cold = try await build(recipe())
        let again = try await build(recipe())
        let (broken, changed) = (recipe(broken: 9), recipe(changed: 3))
        try removeLayers()
        _ = try await build(broken, code: 1)
        let mended = try await build(recipe())
        let third = try await build(changed)
        return [
            Measurement(name: "build: ten provisioners in layers, cold", value: cold * 1000, unit: "ms"),
            Measurement(name: "  again, nothing changed", value: again * 1000, unit: "ms", peer: cold * 1000),
            Measurement(name: "  the ninth was broken, mended", value: mended * 1000, unit: "ms", peer: cold * 1000),
            Measurement(name: "  the third was changed", value: third * 1000, unit: "ms", peer: cold * 1000),
        ] + (try await published())
    }

    private func removeLayers() throws { _ = try ShortCommand.run(["rm", "-rf", "\(site.folder.path)/cache"]) }

    /// An image of 200 MB that cannot be compressed, with two replicas.
    private func published() async throws -> [Measurement] {
        for words in [
            ["gallery", "create", "bench"],
            [
                "image-definition", "create", "bench", "image", "--publisher", "p", "--offer", "o", "--sku", "s",
                "--os-type", "linux",
            ],
        ] { _ = try await roost(words) }
        try Data((0..<25_000_000).flatMap { _ in withUnsafeBytes(of: UInt64.random(in: .min ... .max)) { Array($0) } })
            .write(to: URL(filePath: "\(site.folder.path)/base/big"))
        _ = try await build(recipe())
        let alone = try await build(recipe())
        let whole = try await build(recipe(publishing: true))
        return [
            Measurement(
                name: "publish: 200 MB, two replicas that are read back, bills of materials",
                value: (whole - alone) * 1000,
                unit: "ms"
            )
        ]
    }

    /// Seconds of one build.
    private func build(_ template: String, code: Int32 = 0) async throws -> Double {
        try Data(template.utf8).write(to: URL(filePath: "\(site.folder.path)/a.pkr.hcl"))
        let start = ContinuousClock.now
        let result = try await program(["image", "build", "-force", "--cache-folder", "cache", "a.pkr.hcl"]).finished()
        let time = (ContinuousClock.now - start) / .seconds(1)
        guard result.code == code else {
            throw TestFailure("roost image build ended with \(result.code): \(result.output)")
        }
        return time
    }

    private func roost(_ words: [String]) async throws -> String {
        let result = try await program(words).finished()
        guard result.code == 0 else { throw TestFailure("\(words): \(result.output)") }
        return result.output
    }

    private func program(_ words: [String]) throws -> ChildProgram {
        let token = try String(contentsOfFile: "\(site.folder.path)/data/admin-token", encoding: .utf8)
        return try ChildProgram(
            "roost",
            words,
            environment: [
                "ROOST_URL": site.address, "ROOST_TOKEN": token.trimmingCharacters(in: .whitespacesAndNewlines),
                "HOME": site.folder.path,
            ],
            folder: site.folder.path
        )
    }
}
