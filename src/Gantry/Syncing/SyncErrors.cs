namespace Gantry.Syncing;

/// <summary>GAN4150 to GAN4158: files for gantry sync that cannot be used.</summary>
internal static class SyncErrors
{
    public static GantryException Malformed(string file, long line, string reason, Exception? inner = null) =>
        new("GAN4150", $"{Place(file, line)} cannot be read: {reason}", "correct it; docs/sync.md describes the format", inner);

    public static GantryException UnknownKey(string file, long line, string key, IReadOnlyCollection<string> known) =>
        new("GAN4151", $"{Place(file, line)} has the key '{key}', which is not known there", Format.Choice(known, "remove it"));

    public static GantryException Unsupported(string file, long line, string what, string remedy) =>
        new("GAN4152", $"{Place(file, line)} asks for {what}, which gantry does not do", remedy);

    public static GantryException Ignored(string file, long line, string key, string reason) =>
        new("GAN4157", $"{Place(file, line)} has '{key}', which is ignored: {reason}", "remove it, or leave it for regsync");

    public static GantryException UnusableFilter(string file, long line, string filter, string reason) =>
        new("GAN4153", $"{Place(file, line)} has the filter '{filter}', which cannot be used: {reason}", "correct it");

    public static GantryException NoTags(string file, long line, string source) =>
        new("GAN4154", $"{Place(file, line)} has filters that no tag of {source} passes", "check the filters");

    public static GantryException NothingThere(string file, long line, string source) =>
        new(
            "GAN4158",
            $"{Place(file, line)} has the source {source}, where there are no tags, or no such repository",
            "check its name, and that you may list its tags");

    public static GantryException TwoSources(string file, string target, string one, string other) =>
        new("GAN4155", $"{file} writes {target} twice: from {one} and from {other}", "give each its own target, or narrow the filters");

    public static GantryException NoVariable(string file, long line, string name) =>
        new("GAN4156", $"{Place(file, line)} needs the environment variable {name}, which is not set", "set it, or use docker login");

    private static string Place(string file, long line) => line > 0 ? $"{file}, line {line}," : file;
}
