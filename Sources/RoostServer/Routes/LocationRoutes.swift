import FoundationEssentials
import Hummingbird
import NIOCore
import RoostModel
import RoostWire

/// How clients find out who they are and where everything is.
func addLocationRoutes(to table: RouteTable) {
    table.get("connectiondata", access: .anyone) { call in try call.answer(call.connectionData()) }
    table.add(.options, "", access: .anyone) { call in
        var response = call.negotiation.noArrayWrap ? ListedLocations.bare : ListedLocations.wrapped
        response.headers[.contentType] = call.negotiation.contentType
        return response
    }
    // An empty list says: everything is at the address you know.
    table.get("resourceareas", access: .anyone) { call in try call.list([] as [ResourceAreaWire]) }
    table.get("resourceareas/{areaId}", access: .anyone) { call in try call.answer(nil as ResourceAreaWire?) }
    table.get("roost/server", access: .anyone) { call in
        try call.answer(
            ServerInfoWire(
                name: "Roost",
                organization: call.services.configuration.organization,
                instanceId: call.plane.instanceID
            )
        )
    }
}

extension Call {
    fileprivate func connectionData() -> ConnectionDataWire {
        let who = identity(caller.auditName)
        let none = UUID(uuid: (0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0))
        let change = ListedLocations.changeID
        return ConnectionDataWire(
            authenticatedUser: who,
            authorizedUser: who,
            instanceId: plane.instanceID,
            deploymentId: plane.instanceID,
            deploymentType: "onPremises",
            locationServiceData: LocationServiceDataWire(
                serviceOwner: none,
                accessMappings: [
                    AccessMappingWire(
                        displayName: "Public Access Mapping",
                        moniker: "PublicAccessMapping",
                        accessPoint: services.address,
                        serviceOwner: none,
                        virtualDirectory: ""
                    )
                ],
                defaultAccessMappingMoniker: "PublicAccessMapping",
                clientCacheFresh: false,
                clientCacheTimeToLive: 3600,
                lastChangeId: change,
                lastChangeId64: change,
                serviceDefinitions: []
            )
        )
    }
}

/// The resources that clients are told of.
///
/// All that the SDKs know are listed, served or not: their clients refuse to work with a server that does not know an id they ask for.
enum ListedLocations {
    /// Rises with the table, so that clients do not trust what they kept of another version.
    static let changeID = ResourceLocation.all.reduce(1) { sum, location in
        location.routeTemplate.utf8.reduce(sum) { ($0 &* 31 &+ Int($1)) & 0x3fff_ffff }
    }

    static let wrapped = response(try? JSONAnswer.encoder.encode(WireList(ResourceLocation.all)))
    static let bare = response(try? JSONAnswer.encoder.encode(ResourceLocation.all))

    private static func response(_ bytes: Data?) -> Response {
        Response(status: .ok, body: ResponseBody(byteBuffer: ByteBuffer(bytes: bytes ?? Data())))
    }

    private struct Template: Sendable {
        var area: String
        var resource: String
        /// Of the part after `_apis`; nil matches anything.
        var parts: [String?]
        /// The last part may stand for any number.
        var isOpen: Bool
    }

    private static let templates: [Template] = ResourceLocation.all.compactMap { location in
        let all = location.routeTemplate.split(separator: "/").map(String.init)
        guard let start = all.firstIndex(of: "_apis") else { return nil }
        let parts = all[(start + 1)...].map { part -> String? in
            switch part {
            case "{area}": location.area.lowercased()
            case "{resource}": location.resourceName.lowercased()
            default: part.first == "{" ? nil : part.lowercased()
            }
        }
        return Template(
            area: location.area,
            resource: location.resourceName,
            parts: parts,
            isOpen: all.last?.hasPrefix("{*") ?? false
        )
    }

    /// The resource that an address would belong to; nil when there is none.
    static func resource(at path: String) -> (area: String, resource: String)? {
        let all = path.split(separator: "/").map { $0.lowercased() }
        guard let start = all.firstIndex(of: "_apis") else { return nil }
        let parts = Array(all[(start + 1)...])
        let fitting = templates.filter { template in
            guard parts.count <= template.parts.count || template.isOpen else { return false }
            let fits = zip(template.parts, parts).allSatisfy { $0 == nil || $0 == $1 }
            // Parameters at the end may be left out, fixed parts not.
            return fits && template.parts.dropFirst(parts.count).allSatisfy { $0 == nil }
        }
        let best = fitting.max { left, right in
            left.parts.count { $0 != nil } < right.parts.count { $0 != nil }
        }
        return best.map { ($0.area, $0.resource) }
    }
}
