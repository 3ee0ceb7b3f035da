using System.Text.Json.Nodes;
using Gantry.Copying;
using Gantry.Display;
using Gantry.Oci;
using Gantry.Registries;

namespace Gantry.Cli.Images;

/// <summary>The manifest of one platform, or of an artifact, with what its configuration says.</summary>
/// <param name="Manifest">The manifest.</param>
internal sealed record DescribedManifest(InspectedManifest Manifest)
{
    /// <summary>The configuration; null for an artifact, and when it was not read.</summary>
    public ImageConfiguration? Configuration { get; init; }

    /// <summary>The reason why the configuration was not read; null when it was.</summary>
    public GantryException? Problem { get; init; }

    /// <summary>Where the base image can be named.</summary>
    public IReadOnlyList<IReadOnlyDictionary<string, string>?> Sources =>
    [
        Manifest.Content.FindManifest()?.Annotations,
        Configuration is null ? null : Configuration.Labels.DistinctBy(label => label.Key).ToDictionary(),
    ];

    private IReadOnlyList<Descriptor> Layers => Manifest.Content.FindManifest()?.Layers ?? [];

    private string Name => Manifest.Name != Manifest.Descriptor.MediaType ? Manifest.Name
        : Configuration?.Platform.ToString() is { Length: > 0 } platform ? platform
        : Manifest.Name;

    /// <summary>Reads the configuration of a manifest.</summary>
    public static async Task<DescribedManifest> ReadAsync(
        IImageRepository repository, InspectedManifest manifest, CancellationToken cancellationToken)
    {
        try
        {
            return new(manifest)
            {
                Configuration = await ImageConfiguration.ReadAsync(repository, manifest.Content, cancellationToken),
            };
        }
        catch (GantryException exception) when (exception.Kind != ErrorKind.Unauthorized)
        {
            return new(manifest) { Problem = exception };
        }
    }

    /// <summary>Writes it for people: in one line beside others, with its settings and layers when it is the only one.</summary>
    public void WriteTo(TerminalOutput output, bool isOnly)
    {
        var content = $"{Format.Count(Manifest.Layers, "layer")}, {Format.Bytes(Manifest.Bytes)}";
        output.WriteLine($"  {Name}: {Manifest.Descriptor.Digest}, {content}");
        if (!isOnly)
            return;
        if (Configuration is { } config)
            WriteSettings(output, config);
        var instructions = Configuration?.Instructions ?? [];
        for (var at = 0; at < Layers.Count; at++)
        {
            // A history that is not complete does not say which layer an instruction made.
            var made = instructions.Count == Layers.Count && instructions[at].Length > 0 ? $"  {Format.OneLine(instructions[at], 60)}" : "";
            output.WriteLine($"    layer {Layers[at].Digest}: {Format.Bytes(Layers[at].Size)}{made}");
        }
    }

    /// <summary>Returns it for programs.</summary>
    public JsonObject ToJson()
    {
        var described = Documents.Describe(Manifest.Descriptor);
        described["platform"] = Name == Manifest.Descriptor.MediaType ? null : Name;
        described["layers"] = Manifest.Layers;
        described["bytes"] = Manifest.Bytes;
        described["layerList"] = Documents.List(Layers, layer => new JsonObject
        {
            ["digest"] = layer.Digest.ToString(),
            ["mediaType"] = layer.MediaType,
            ["size"] = layer.Size,
        });
        described["config"] = Configuration is { } config ? Describe(config) : null;
        return described;
    }

    private static void WriteSettings(TerminalOutput output, ImageConfiguration config)
    {
        Line("user", config.User);
        Line("folder", config.WorkingFolder);
        Line("entrypoint", Join(config.Entrypoint));
        Line("command", Join(config.Command));
        Line("ports", config.Ports.Count > 0 ? Format.List(config.Ports) : null);
        foreach (var (key, value) in config.Labels)
            output.WriteLine($"    label {key}: {value}");

        void Line(string name, string? value)
        {
            if (value is not null)
                output.WriteLine($"    {name}: {value}");
        }
    }

    // As a shell would need it, so that one argument with a space is not two.
    private static string? Join(IReadOnlyList<string> words) => words.Count == 0
        ? null
        : string.Join(' ', words.Select(word => word.Length == 0 || word.Contains(' ', StringComparison.Ordinal) ? $"'{word}'" : word));

    private static JsonObject Describe(ImageConfiguration config) => new()
    {
        ["created"] = config.Created is { } created ? Format.Rfc3339(created) : null,
        ["os"] = config.Platform.Os,
        ["architecture"] = config.Platform.Architecture,
        ["variant"] = config.Platform.Variant,
        ["user"] = config.User,
        ["workingFolder"] = config.WorkingFolder,
        ["entrypoint"] = Texts(config.Entrypoint),
        ["command"] = Texts(config.Command),
        ["environment"] = Texts(config.Variables),
        ["ports"] = Texts(config.Ports),
        ["labels"] = new JsonObject(config.Labels
            .DistinctBy(label => label.Key)
            .Select(label => KeyValuePair.Create<string, JsonNode?>(label.Key, label.Value))),
    };

    private static JsonArray Texts(IReadOnlyList<string> texts) => new([.. texts.Select(text => (JsonNode)text)]);
}
