using System.Globalization;
using System.Text;
using Gantry.Images.Dockerfiles;

namespace Gantry.Images.Layers;

/// <summary>Converts <c>user[:group]</c> to numbers with the user database of the image.</summary>
/// <seealso href="https://docs.docker.com/reference/dockerfile/#copy---chown---chmod">Dockerfile reference, COPY --chown</seealso>
internal sealed class OwnerLookup
{
    // The ids of Linux have 32 bits, and the highest one stands for "no id" in its system calls.
    private const long MaximumId = uint.MaxValue - 1;

    private readonly Func<string, CancellationToken, Task<string>> _readText;

    /// <summary>Creates a lookup in the user database of a file system.</summary>
    public static OwnerLookup In(ImageTree tree) => new(async (path, cancellationToken) =>
    {
        var entry = tree.Resolve(path) is { } resolved ? tree.Find(resolved) : null;
        return entry switch
        {
            { SourceFile: { } file } => await TextFile.TryReadAsync(file, cancellationToken) ?? "",
            { Kind: FileKind.File } => Encoding.UTF8.GetString(entry.Content.Span),
            _ => "",
        };
    });

    /// <param name="readText">Reads a text file of the image; returns an empty string when there is none.</param>
    public OwnerLookup(Func<string, CancellationToken, Task<string>> readText) => _readText = readText;

    /// <summary>
    /// Finds the numbers; throws <c>GAN3014</c> for a name that the image does not know and for a number that is no id. A
    /// single number is used as user and group.
    /// </summary>
    public async Task<Ownership> FindAsync(string owner, string flag, SourceLine location, CancellationToken cancellationToken)
    {
        var colon = owner.IndexOf(':', StringComparison.Ordinal);
        var user = colon < 0 ? owner : owner[..colon];
        var group = colon < 0 ? null : owner[(colon + 1)..];
        if (user.Length == 0 || group is { Length: 0 })
            throw DockerfileErrors.MalformedFlag(location, flag, owner, "of the form user or user:group");

        var found = await FindUserAsync(user, location, cancellationToken);
        return group is null ? found : found with { GroupId = await FindGroupAsync(group, location, cancellationToken) };
    }

    private async Task<Ownership> FindUserAsync(string user, SourceLine location, CancellationToken cancellationToken)
    {
        if (FindId(user, "user", location) is { } id)
            return new Ownership(id, id);
        return await FindLineAsync("/etc/passwd", user, cancellationToken) is { Length: > 3 } fields
            && TryParseId(fields[2], out var userId) && TryParseId(fields[3], out var groupId)
            ? new Ownership(userId, groupId)
            : throw LayerErrors.UnknownUser(location, "user", user, "/etc/passwd");
    }

    private async Task<long> FindGroupAsync(string group, SourceLine location, CancellationToken cancellationToken)
    {
        if (FindId(group, "group", location) is { } id)
            return id;
        return await FindLineAsync("/etc/group", group, cancellationToken) is { Length: > 2 } fields
            && TryParseId(fields[2], out var groupId)
            ? groupId
            : throw LayerErrors.UnknownUser(location, "group", group, "/etc/group");
    }

    private async Task<string[]?> FindLineAsync(string file, string name, CancellationToken cancellationToken) =>
        (await _readText(file, cancellationToken))
            .Split('\n')
            .Select(line => line.TrimEnd('\r').Split(':'))
            .FirstOrDefault(fields => fields[0] == name);

    // What has only digits is a number and never a name. Root exists in every image, with or without a user database.
    private static long? FindId(string text, string kind, SourceLine location)
    {
        if (text == "root")
            return 0;
        if (!text.All(char.IsAsciiDigit))
            return null;
        return TryParseId(text, out var id) ? id : throw LayerErrors.IdOutOfRange(location, kind, text, MaximumId);
    }

    private static bool TryParseId(string text, out long id) =>
        long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out id) && id <= MaximumId;
}
