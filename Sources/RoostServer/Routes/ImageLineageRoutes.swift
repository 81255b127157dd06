import FoundationEssentials
import RoostModel
import RoostWire

/// What is in versions of images, and which jobs ran on them.
func addImageLineageRoutes(to table: RouteTable) {
    let read = RouteAccess.scope(.build)
    table.get("galleries/{galleryName}/images/{imageName}/versions/{versionName}/inventory", access: read) { call in
        let version = try call.plane.imageVersion(call.text("versionName"), of: call.imageDefinition())
        guard let inventory = try await call.plane.imageInventory(of: version) else {
            throw RequestProblem.notFound(what: "inventory of \(version.key)")
        }
        return try call.answer(inventory)
    }
    table.get("roost/imageuses", access: read) { call in
        let days = try call.query.number("days") ?? 30
        guard (1...3660).contains(days) else {
            throw RequestProblem.badParameter(name: "days", value: "\(days)", expected: "a number from 1 to 3660")
        }
        let limit = min(max(1, try call.query.number("$top") ?? 200), 2_000)
        let found = try await call.plane.imageUses(
            of: call.query["image"],
            package: call.query["package"].map { PackageQuery(name: $0, below: call.query["below"]) },
            since: Date() - Double(days) * 86_400,
            limit: limit
        )
        var uses: [ImageUseWire] = []
        for (use, packages) in found.uses.prefix(limit) {
            let run = try? await call.plane.run(use.run).run
            uses.append(ImageUseWire(use, run: run, packages: packages))
        }
        return try call.answer(ImageUsesWire(value: uses, unknown: found.unknown))
    }
}
