using System.Text.Json;
using System.Text.Json.Serialization;
using Nuke.Common.Tooling;

namespace Nuke.Common.Tools.GitVersion;

/// <summary>
/// GitVersion out of the package GitVersion.Tool, or of GitVersion.MsBuild, which carries the same program.
/// </summary>
public class GitVersionTasks : ToolTasks, IRequireNuGetPackage
{
    public const string PackageId = "GitVersion.Tool";
    public const string PackageExecutable = "gitversion.dll";

    public static string GitVersionPath
    {
        get => new GitVersionTasks().ToolPath;
        set => new GitVersionTasks().ToolPath = value;
    }

    public static (GitVersion Result, IReadOnlyCollection<Output> Output) GitVersion(GitVersionSettings options = null)
    {
        var output = new GitVersionTasks().RunWith(options ?? new GitVersionSettings());
        return (Parse(output), output);
    }

    public static (GitVersion Result, IReadOnlyCollection<Output> Output) GitVersion(Configure<GitVersionSettings> configurator)
        => GitVersion(configurator(new GitVersionSettings()));

    internal override string GetDefaultToolPath()
        => NuGetPackages.GetExecutable([PackageId, "GitVersion.MsBuild"], PackageExecutable);

    private static GitVersion Parse(IReadOnlyCollection<Output> output)
    {
        try
        {
            return JsonSerializer.Deserialize(output.StdToText(), GitVersionJson.Default.GitVersion);
        }
        catch (JsonException exception)
        {
            throw new Exception($"Cannot parse GitVersion output:{Environment.NewLine}{output.StdToText()}", exception);
        }
    }
}

[JsonSourceGenerationOptions(NumberHandling = JsonNumberHandling.AllowReadingFromString, Converters = [typeof(TextConverter)])]
[JsonSerializable(typeof(GitVersion))]
internal sealed partial class GitVersionJson : JsonSerializerContext;

// The properties are texts, some of the values numbers.
internal sealed class TextConverter : JsonConverter<string>
{
    public override string Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options)
        => reader.TokenType == JsonTokenType.Number ? reader.GetInt64().ToString() : reader.GetString();

    public override void Write(Utf8JsonWriter writer, string value, JsonSerializerOptions options) => writer.WriteStringValue(value);
}

[Command(Type = typeof(GitVersionTasks), Command = nameof(GitVersionTasks.GitVersion))]
public class GitVersionSettings : ToolOptions, IToolOptionsWithFramework
{
    [Argument(Format = "{value}", Position = 1)] public string TargetPath => GetNamed<string>();
    [Argument(Format = "/nofetch")] public bool? NoFetch => GetNamed<bool?>();
    [Argument(Format = "/nocache")] public bool? NoCache => GetNamed<bool?>();
    [Argument(Format = "/updateassemblyinfo")] public bool? UpdateAssemblyInfo => GetNamed<bool?>();
}

public static class GitVersionSettingsExtensions
{
    public static T SetTargetPath<T>(this T o, string v)
        where T : GitVersionSettings
        => o.With(nameof(o.TargetPath), v);

    public static T SetNoFetch<T>(this T o, bool? v)
        where T : GitVersionSettings
        => o.With(nameof(o.NoFetch), v);

    public static T EnableNoFetch<T>(this T o)
        where T : GitVersionSettings
        => o.SetNoFetch(true);

    public static T SetNoCache<T>(this T o, bool? v)
        where T : GitVersionSettings
        => o.With(nameof(o.NoCache), v);

    public static T EnableNoCache<T>(this T o)
        where T : GitVersionSettings
        => o.SetNoCache(true);

    public static T SetUpdateAssemblyInfo<T>(this T o, bool? v)
        where T : GitVersionSettings
        => o.With(nameof(o.UpdateAssemblyInfo), v);
}
