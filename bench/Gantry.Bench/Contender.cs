namespace Gantry.Bench;

/// <summary>A tool that copies images, and its command lines.</summary>
internal sealed record Contender(string Name, Func<CopyTask, IReadOnlyList<string>?> Command)
{
    public static Contender Gantry(string program) => new("gantry", task => task switch
    {
        { Set.Name: "tags" } => [program, "copy", "--all-tags", task.Source(""), .. task.Targets.Select(target => task.Target(target, ""))],
        _ => [program, "copy", task.Source(":v1"), .. task.Targets.Select(target => task.Target(target, ":v1"))],
    });

    public static Contender Skopeo(string policy) => new("skopeo", task => task switch
    {
        { Targets.Count: > 1 } => null,
        { Set.Name: "tags", Mount: true } => null,
        { Set.Name: "tags" } =>
        [
            "skopeo", "--policy", policy, "sync", "--all", "--preserve-digests", "--src-tls-verify=false", "--dest-tls-verify=false",
            "--src", "docker", "--dest", "docker",
            task.Source(""), $"{task.Targets[0]}/tags",
        ],
        _ =>
        [
            "skopeo", "--policy", policy, "copy", "--all", "--preserve-digests", "--src-tls-verify=false", "--dest-tls-verify=false",
            $"docker://{task.Source(":v1")}", $"docker://{task.Target(task.Targets[0], ":v1")}",
        ],
    });

    /// <summary>Creates the way of most pipelines: pull, tag, push.</summary>
    public static Contender Docker(string host) =>
        new("docker", task => task is { Set.Name: "small" or "big", Mount: false, Targets: [var target] }
            ? ["sh", "-ec", "docker -H \"$0\" pull -q \"$1\"; docker -H \"$0\" tag \"$1\" \"$2\"; docker -H \"$0\" push -q \"$2\"", host,
                task.Source(":v1"), task.Target(target, ":v1")]
            : null);
}

/// <summary>A copy to measure.</summary>
internal sealed record CopyTask(ImageSet Set, string SourceHost, IReadOnlyList<string> Targets, bool Mount)
{
    public string Source(string tag) => $"{SourceHost}/{Set.Repository}{tag}";

    public string Target(string host, string tag) => $"{host}/{(Mount ? "promoted/" : "")}{Set.Repository}{tag}";
}
