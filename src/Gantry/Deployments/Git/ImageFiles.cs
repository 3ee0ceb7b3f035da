using Gantry.Environments;
using YamlDotNet.RepresentationModel;

namespace Gantry.Deployments.Git;

/// <summary>The image that a file of a repository names, and the same file with the new image.</summary>
/// <param name="Image">The image that the file names now.</param>
/// <param name="Text">The text of the file with the new image; the same text when it has that image already.</param>
internal sealed record EditedFile(string Image, string Text);

/// <summary>Edits a kustomization.</summary>
internal static class Kustomization
{
    /// <summary>The names that a kustomization file can have.</summary>
    public static IReadOnlyList<string> FileNames { get; } = ["kustomization.yaml", "kustomization.yml", "Kustomization"];

    /// <summary>
    /// Sets name and digest of an image, and the tag when the entry has one: kustomize writes all three into the reference.
    /// </summary>
    public static EditedFile SetImage(string path, string text, DeploymentOrder order)
    {
        var wanted = ((KustomizeCommitDeployment)order.Deployment).Entry ?? order.Image.Name;
        var yaml = YamlEditor.Read(path, text);
        var entries = FindEntries(path, yaml, wanted);
        foreach (var entry in entries)
            SetImage(yaml, entry, order);
        return new EditedFile(ReferenceOf(entries[0], wanted), yaml.ToText());
    }

    /// <summary>Returns the reference that kustomize makes of an entry.</summary>
    public static string FindImage(string path, string text, string entry) =>
        ReferenceOf(FindEntries(path, YamlEditor.Read(path, text), entry)[0], entry);

    private static List<YamlMappingNode> FindEntries(string path, YamlEditor yaml, string wanted)
    {
        var images = (Find(yaml.Root as YamlMappingNode, "images") as YamlSequenceNode)?.Children.OfType<YamlMappingNode>().ToList() ?? [];
        var entries = images.Where(entry => Text(entry, "name") == wanted).ToList();
        return entries.Count > 0
            ? entries
            : throw DeploymentErrors.ImageNotInKustomization(
                path, wanted, [.. images.Select(entry => Text(entry, "name")).OfType<string>()]);
    }

    private static string ReferenceOf(YamlMappingNode entry, string name)
    {
        var tag = Text(entry, "newTag") is { } newTag ? ":" + newTag : "";
        var digest = Text(entry, "digest") is { } old ? "@" + old : "";
        return (Text(entry, "newName") ?? name) + tag + digest;
    }

    private static void SetImage(YamlEditor yaml, YamlMappingNode entry, DeploymentOrder order)
    {
        var behind = Key(entry, "name")!;
        var missing = new List<KeyValuePair<string, string>>();
        foreach (var (name, value) in
            new[] { ("newName", order.Repository), ("newTag", order.Release.Tag), ("digest", order.Image.Digest.ToString()) })
        {
            if (Key(entry, name) is { } key)
            {
                yaml.Set(entry, key, value, $"images.{name}");
                behind = key.Start.Index > behind.Start.Index ? key : behind;
            }
            else if (name != "newTag")
            {
                missing.Add(KeyValuePair.Create(name, value));
            }
        }

        yaml.Add(entry, behind, missing, "images.name");
    }

    private static string? Text(YamlMappingNode mapping, string name) =>
        (Find(mapping, name) as YamlScalarNode)?.Value is { Length: > 0 } text ? text : null;

    private static YamlNode? Find(YamlMappingNode? mapping, string name) =>
        mapping is not null && Key(mapping, name) is { } key ? mapping.Children[key] : null;

    private static YamlScalarNode? Key(YamlMappingNode mapping, string name) => YamlKeys.Find(mapping, name);
}

/// <summary>Edits a Helm values file.</summary>
internal static class HelmValues
{
    /// <summary>Sets the digest, and the repository and the tag when the declaration names their keys.</summary>
    public static EditedFile SetImage(string path, string text, DeploymentOrder order)
    {
        var values = (HelmValuesCommitDeployment)order.Deployment;
        var yaml = YamlEditor.Read(path, text);
        var repository = Set(yaml, path, values.RepositoryKey, order.Repository);
        var tag = Set(yaml, path, values.TagKey, order.Release.Tag);
        var digest = Set(yaml, path, values.DigestKey, order.Image.Digest.ToString());
        return new EditedFile((repository ?? "") + (tag is null ? "" : ":" + tag) + "@" + digest, yaml.ToText());
    }

    /// <summary>Returns the reference that the values name; null when they name neither digest nor tag.</summary>
    public static string? FindImage(string path, string text, HelmValuesCommitDeployment values)
    {
        var yaml = YamlEditor.Read(path, text);
        var repository = Set(yaml, path, values.RepositoryKey, value: null);
        var tag = Set(yaml, path, values.TagKey, value: null) is { Length: > 0 } name ? ":" + name : "";
        var digest = Set(yaml, path, values.DigestKey, value: null) is { Length: > 0 } found ? "@" + found : "";
        return tag.Length + digest.Length == 0 ? null
            : string.IsNullOrEmpty(repository) && tag.Length == 0 ? digest[1..]
            : repository + tag + digest;
    }

    // Returns the previous value. Without a new one, nothing is set.
    private static string? Set(YamlEditor yaml, string path, string? text, string? value)
    {
        if (text is null)
            return null;

        var key = ValueKey.Parse(text);
        var at = yaml.Root;
        for (var number = 0; number < key.Parts.Count; number++)
        {
            var (name, index) = key.Parts[number];
            var last = number == key.Parts.Count - 1;
            switch (at)
            {
                case YamlMappingNode mapping when name is not null && YamlKeys.Find(mapping, name) is { } found:
                    at = mapping.Children[found];
                    if (last && value is not null)
                        yaml.Set(mapping, found, value, text);
                    break;
                case YamlSequenceNode list when index < list.Children.Count:
                    at = list.Children[index.Value];
                    if (last && value is not null)
                        yaml.Set(list, index.Value, value, text);
                    break;
                default:
                    throw DeploymentErrors.ValueMissing(
                        path, text, string.Join('.', key.Parts.Take(number + 1)).Replace(".[", "[", StringComparison.Ordinal));
            }
        }

        return at is YamlScalarNode scalar
            ? scalar.Value
            : throw DeploymentErrors.ValueNotEditable(path, text, "it is not a plain value");
    }
}

/// <summary>Finds keys of YAML mappings.</summary>
internal static class YamlKeys
{
    public static YamlScalarNode? Find(YamlMappingNode mapping, string name) =>
        mapping.Children.Keys.OfType<YamlScalarNode>().FirstOrDefault(key => key.Value == name);
}
