using Gantry.Copying;
using Gantry.Oci;

namespace Gantry.Syncing;

/// <summary>
/// Reads the format of regsync, version 1. What cannot be done, and would change what is copied, is refused; the rest is ignored with a
/// warning.
/// </summary>
/// <param name="file">The name of the file in errors.</param>
/// <param name="variable">The environment variables that its templates name.</param>
/// <seealso href="https://regclient.org/usage/regsync/">regsync</seealso>
internal sealed class RegsyncReader(string file, Func<string, string?> variable)
{
    private const string MovesTags = "the source has moved it, and a file of regsync mirrors it";
    // Each with the reason.
    private static readonly (string Key, string Reason)[] s_ignored =
    [
        ("interval", "gantry copies once; a schedule of the pipeline repeats it"),
        ("schedule", "gantry copies once; a schedule of the pipeline repeats it"),
        ("ratelimit", "gantry waits when the registry says so"),
        ("fastCheck", "gantry compares digests first in any case"),
        ("referrerSlow", "gantry uses the API of the registry, or its fallback"),
        ("mediaTypes", "gantry copies images and artifacts alike"),
    ];

    private static readonly (string Key, string Reason)[] s_ignoredDefaults =
    [
        .. s_ignored,
        ("blobLimit", "gantry has limits of its own"),
        ("cacheCount", "gantry remembers what it has read in a run"),
        ("cacheTime", "gantry remembers what it has read in a run"),
        ("userAgent", "gantry names itself"),
    ];

    private static readonly (string Key, string Remedy)[] s_refused =
    [
        ("backup", "copy what is at the target under another tag before, with gantry copy"),
        ("hooks", "run the programs before and after gantry, in the script that calls it"),
        ("referrerSource", "copy the referrers with the image, from where it is"),
        ("referrerTarget", "copy the referrers with the image, to where it goes"),
        ("referrerFilters", "copy all referrers, or none with referrers: false"),
    ];

    private static readonly string[] s_ignoredOfHosts =
    [
        "blobChunk", "blobMax", "reqPerSec", "reqConcurrent", "priority", "repoAuth", "api", "apiOpts", "credExpire", "dns", "scheme",
    ];

    private static readonly string[] s_refusedOfHosts =
        ["regcert", "clientCert", "clientKey", "credHelper", "credHost", "pathPrefix", "mirrors", "hostname"];

    private readonly List<GantryException> _warnings = [];

    public SyncFile Read(SyncFields root)
    {
        if (root.Number("version", 1, int.MaxValue) is > 1)
            throw SyncErrors.Unsupported(file, root.LineOf("version"), "a later version than 1", "use version 1");
        var defaults = root.Fields("defaults");
        var parallel = defaults.Number("parallel", 0, int.MaxValue) ?? 1;
        var usesMachine = defaults.Flag("skipDockerConfig") != true;
        Ignore(defaults, s_ignoredDefaults);
        Refuse(defaults);
        var options = ReadOptions(defaults, new CopyOptions { Referrers = false, CosignTags = false });
        defaults.RefuseOthers();
        var hosts = root.List("creds").Select(ReadHost).ToList();
        var entries = root.List("sync").Select(fields => ReadEntry(fields, options)).ToList();
        root.RefuseOthers(key => key.StartsWith("x-", StringComparison.Ordinal));
        if (entries.Count == 0)
            throw SyncErrors.Malformed(file, root.Line, "'sync' is empty");
        return new SyncFile
        {
            Name = file,
            Entries = entries,
            Warnings = _warnings,
            Credentials = [.. hosts.Select(host => host.Credential).OfType<SyncCredential>()],
            PlainHttpHosts = [.. hosts.Where(host => host.IsPlain).Select(host => host.Name)],
            UsesMachineCredentials = usesMachine,
            Parallel = Math.Clamp(parallel, 1, SyncFile.HighestParallelism),
        };
    }

    private SyncEntry ReadEntry(SyncFields fields, CopyOptions defaults)
    {
        var type = fields.RequiredText("type");
        if (type == "registry")
            throw SyncErrors.Unsupported(
                file, fields.LineOf("type"), "all repositories of a registry", "name each with type: repository");
        if (type is not ("image" or "repository"))
            throw SyncErrors.Malformed(file, fields.LineOf("type"), $"'{type}' is neither image nor repository");
        var source = ReadLocation(fields, "source", isRepository: type == "repository");
        var target = SyncTargets.Parse(ExpandName(fields, "target"), source, file, fields.LineOf("target"));
        Ignore(fields, s_ignored);
        Refuse(fields);
        if (fields.Has("repos"))
            throw SyncErrors.Unsupported(file, fields.LineOf("repos"), "a choice of repositories", "name each with type: repository");
        var (sets, single) = (fields.List("tagSets"), fields.Find("tags") is null ? null : fields.Fields("tags"));
        var options = ReadOptions(fields, defaults);
        fields.RefuseOthers();
        return new SyncEntry
        {
            Line = fields.Line,
            Source = source,
            Targets = [target],
            Tags = type == "repository" ? ReadTags(single is null ? sets : [.. sets, single]) : null,
            Options = options,
            MoveTagReason = MovesTags,
        };
    }

    private ImageLocation ReadLocation(SyncFields fields, string key, bool isRepository)
    {
        var text = ExpandName(fields, key);
        var location = ImageLocation.Parse(text);
        if (isRepository && location.Reference is not null)
            throw SyncErrors.Malformed(file, fields.LineOf(key), $"'{text}' names one image, and the type is repository");

        // As Docker names images, one without a tag has the tag latest.
        return isRepository || location.Reference is not null ? location : ImageLocation.Parse(text + ":latest");
    }

    private TagFilter ReadTags(IReadOnlyList<SyncFields> sets)
    {
        if (sets.Count > 1)
            throw SyncErrors.Unsupported(file, sets[0].Line, "several sets of tags", "write an entry for each set");
        if (sets.Count == 0)
            return new TagFilter();
        var filter = new TagFilter()
            .AddExpressions(sets[0].Texts("allow"), excludes: false, file)
            .AddExpressions(sets[0].Texts("deny"), excludes: true, file)
            .AddRanges(sets[0].Texts("semverRange"), file);
        sets[0].RefuseOthers();
        return filter;
    }

    private static CopyOptions ReadOptions(SyncFields fields, CopyOptions otherwise)
    {
        var platforms = fields.Texts("platforms").Concat(fields.Texts("platform")).ToList();
        return otherwise with
        {
            Referrers = fields.Flag("referrers") ?? otherwise.Referrers,
            CosignTags = fields.Flag("digestTags") ?? otherwise.CosignTags,
            Deep = fields.Flag("forceRecursive") ?? otherwise.Deep,
            NonDistributableLayers = fields.Flag("includeExternal") ?? otherwise.NonDistributableLayers,
            Platforms = platforms.Count == 0 ? otherwise.Platforms : [.. platforms.Select(platform => Platform.Parse(platform.Text))],
        };
    }

    private (string Name, bool IsPlain, SyncCredential? Credential) ReadHost(SyncFields fields)
    {
        var name = Expand(fields, "registry")!;
        foreach (var key in s_ignoredOfHosts.Where(fields.Has))
            _warnings.Add(SyncErrors.Ignored(file, fields.LineOf(key), key, "gantry has no such setting"));
        if (Array.Find(s_refusedOfHosts, fields.Has) is { } refused)
            throw SyncErrors.Unsupported(
                file, fields.LineOf(refused), $"'{refused}' of a registry",
                "configure it for docker: ~/.docker/config.json, and /etc/docker/certs.d for certificates");
        var tls = fields.Text("tls");
        if (tls is not (null or "enabled" or "disabled"))
            throw SyncErrors.Unsupported(
                file, fields.LineOf("tls"), $"'tls: {tls}'", "trust the certificate of the registry in /etc/docker/certs.d");
        var (user, password, token) = (Expand(fields, "user"), Expand(fields, "pass"), Expand(fields, "token"));
        fields.RefuseOthers();
        if ((user is null) != (password is null))
            throw SyncErrors.Malformed(file, fields.Line, $"the credential of {name} has only one of 'user' and 'pass'");
        return (name, tls == "disabled", (password ?? token) is { } secret ? new SyncCredential(name, user, secret) : null);
    }

    // A name without a host is one of Docker Hub there.
    private string ExpandName(SyncFields fields, string key)
    {
        const string hub = "docker.io";
        var text = Expand(fields, key)!;
        var first = text.Split('/')[0];
        if (text.Contains('/', StringComparison.Ordinal) && (first.AsSpan().ContainsAny('.', ':') || first == "localhost"))
            return text;
        if (text.StartsWith("oci:", StringComparison.Ordinal))
            return text;
        return text.Contains('/', StringComparison.Ordinal) ? $"{hub}/{text}" : $"{hub}/library/{text}";
    }

    // Of the templates, those that fetch a secret; others would need the language that regsync is written in.
    private string? Expand(SyncFields fields, string key)
    {
        var text = key is "user" or "pass" or "token" ? fields.Text(key) : fields.RequiredText(key);
        if (text?.Contains("{{", StringComparison.Ordinal) != true)
            return text;
        var line = fields.LineOf(key);
        if (!RegsyncTemplate.TryParse(text, out var function, out var argument))
            throw SyncErrors.Unsupported(
                file, line, $"a template in '{key}'", "write the value, or {{env \"NAME\"}} or {{file \"PATH\"}} for all of it");
        return function == "file" ? ReadSecret(argument, line) : variable(argument) ?? throw SyncErrors.NoVariable(file, line, argument);
    }

    private string ReadSecret(string path, long line)
    {
        try
        {
            return IO.RegularFile.ReadAllText(path).Trim();
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw SyncErrors.Malformed(file, line, exception.Message.TrimEnd('.'), exception);
        }
    }

    private void Ignore(SyncFields fields, IEnumerable<(string Key, string Reason)> keys)
    {
        foreach (var (key, reason) in keys.Where(each => fields.Has(each.Key)))
            _warnings.Add(SyncErrors.Ignored(file, fields.LineOf(key), key, reason));
    }

    private void Refuse(SyncFields fields)
    {
        foreach (var (key, remedy) in s_refused.Where(each => fields.Has(each.Key)))
            throw SyncErrors.Unsupported(file, fields.LineOf(key), $"'{key}'", remedy);
    }
}
