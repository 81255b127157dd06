import HTTPTypes
import Hummingbird
import NIOCore
import RoostModel

/// Whether the server lives, whether it can work, and what it counts.
func addHealthRoutes(to table: RouteTable, openMetrics: Bool) {
    table.get("healthz", .root, access: .anonymous) { _ in plain("ok\n") }
    table.get("readyz", .root, access: .anonymous) { call in
        call.plane.isReady
            ? plain("ready\n")
            : plain("not ready: the store is not loaded or refuses changes, or the server stops\n", .serviceUnavailable)
    }
    table.get("metrics", .root, access: openMetrics ? .anonymous : .scope(.agentPools, .build)) { call in
        let text = MetricsPage.text(plane: call.plane, metrics: call.services.metrics)
        return Response(
            status: .ok,
            headers: [.contentType: "text/plain; version=0.0.4; charset=utf-8"],
            body: ResponseBody(byteBuffer: ByteBuffer(string: text))
        )
    }
}

private func plain(_ text: String, _ status: HTTPResponse.Status = .ok) -> Response {
    Response(
        status: status,
        headers: [.contentType: "text/plain; charset=utf-8", .cacheControl: "no-store"],
        body: ResponseBody(byteBuffer: ByteBuffer(string: text))
    )
}
