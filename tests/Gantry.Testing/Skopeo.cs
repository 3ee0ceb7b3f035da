namespace Gantry.Testing;

/// <summary>Runs skopeo, to check images with another tool.</summary>
public static class Skopeo
{
    /// <summary>Copies an image with all its platforms, byte for byte.</summary>
    public static async Task CopyAsync(string from, string to, CancellationToken cancellationToken = default) =>
        (await RunAsync(
            ["copy", "--all", "--preserve-digests", "--src-tls-verify=false", "--dest-tls-verify=false", from, to],
            cancellationToken)).EnsureSuccess();

    /// <summary>Reads the bytes of a manifest or index.</summary>
    public static async Task<string> InspectRawAsync(string image, CancellationToken cancellationToken = default) =>
        (await RunAsync(["inspect", "--raw", "--tls-verify=false", image], cancellationToken)).EnsureSuccess().Output;

    /// <summary>Runs skopeo with its own trust policy, so that the machine needs none.</summary>
    public static async Task<ProcessResult> RunAsync(IEnumerable<string> arguments, CancellationToken cancellationToken = default)
    {
        using var folder = new TempFolder();
        var policy = folder.Write("policy.json", """{"default":[{"type":"insecureAcceptAnything"}]}"""u8);
        return await ChildProcess.RunAsync(
            RequiredProgram.Skopeo.RequirePath(), ["--policy", policy, .. arguments], cancellationToken: cancellationToken);
    }
}
