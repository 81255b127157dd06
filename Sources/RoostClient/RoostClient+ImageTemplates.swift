public import RoostWire

/// Calls about templates of images.
extension RoostClient {
    private static func path(_ name: String, _ part: String = "") -> String {
        "_apis/imagetemplates/\(escape(name))\(part)"
    }

    public func imageTemplates() async throws(ClientError) -> [ImageTemplateWire] {
        try await call(Call(method: "GET", path: "_apis/imagetemplates"), as: WireList<ImageTemplateWire>.self).value
    }

    /// A template; with its files when they are wanted.
    public func imageTemplate(_ name: String, withFiles: Bool = false) async throws(ClientError) -> ImageTemplateWire {
        let query = withFiles ? [("$expand", "files")] : []
        return try await call(Call(method: "GET", path: Self.path(name), query: query))
    }

    public func createImageTemplate(
        _ name: String,
        _ draft: ImageTemplateWire
    ) async throws(ClientError) -> ImageTemplateWire {
        try await call(Call(method: "PUT", path: Self.path(name), body: try Self.body(draft)))
    }

    public func updateImageTemplate(
        _ name: String,
        _ draft: ImageTemplateWire
    ) async throws(ClientError) -> ImageTemplateWire {
        try await call(Call(method: "PATCH", path: Self.path(name), body: try Self.body(draft)))
    }

    public func deleteImageTemplate(_ name: String) async throws(ClientError) {
        try await callForNothing(Call(method: "DELETE", path: Self.path(name)))
    }

    /// Begins a build.
    public func runImageTemplate(_ name: String) async throws(ClientError) -> ImageTemplateWire {
        try await call(Call(method: "POST", path: Self.path(name, "/run")))
    }

    /// Asks the build to end.
    public func cancelImageTemplate(_ name: String) async throws(ClientError) -> ImageTemplateWire {
        try await call(Call(method: "POST", path: Self.path(name, "/cancel")))
    }

    /// The newest build with its steps.
    public func imageTemplateStatus(_ name: String) async throws(ClientError) -> ImageRunStatusWire {
        try await call(Call(method: "GET", path: Self.path(name, "/status")))
    }

    public func imageTemplateOutputs(_ name: String) async throws(ClientError) -> [ImageRunOutputWire] {
        try await call(
            Call(method: "GET", path: Self.path(name, "/runoutputs")),
            as: WireList<ImageRunOutputWire>.self
        ).value
    }

    public func putImageTrigger(_ trigger: String, of name: String) async throws(ClientError) -> ImageTriggerWire {
        try await call(
            Call(
                method: "PUT",
                path: Self.path(name, "/triggers/\(Self.escape(trigger))"),
                body: try Self.body(ImageTriggerWire(kind: "SourceImage"))
            )
        )
    }

    public func deleteImageTrigger(_ trigger: String, of name: String) async throws(ClientError) {
        try await callForNothing(Call(method: "DELETE", path: Self.path(name, "/triggers/\(Self.escape(trigger))")))
    }
}
