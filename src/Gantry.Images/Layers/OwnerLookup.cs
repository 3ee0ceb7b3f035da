using System.Globalization;
using Gantry.Images.Dockerfiles;

namespace Gantry.Images.Layers;

/// <summary>Converts <c>user[:group]</c> to numbers with the user database of the image.</summary>
/// <seealso href="https://docs.docker.com/reference/dockerfile/#copy---chown---chmod">Dockerfile reference, COPY --chown</seealso>
internal sealed class OwnerLookup
{
    private readonly Func<string, CancellationToken, Task<string>> _readText;

    /// <param name="readText">Reads a text file of the image; returns an empty string when there is none.</param>
    public OwnerLookup(Func<string, CancellationToken, Task<string>> readText) => _readText = readText;

    /// <summary>
    /// Finds the numbers; throws <c>GAN3014</c> for a name that the image does not know. A single number is used as user and group.
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
        if (TryParseId(user, out var id))
            return new Ownership(id, id);
        if (await FindLineAsync("/etc/passwd", user, cancellationToken) is { Length: > 3 } fields
            && TryParseId(fields[2], out var userId) && TryParseId(fields[3], out var groupId))
            return new Ownership(userId, groupId);
        throw LayerErrors.UnknownUser(location, "user", user, "/etc/passwd");
    }

    private async Task<int> FindGroupAsync(string group, SourceLine location, CancellationToken cancellationToken)
    {
        if (TryParseId(group, out var id))
            return id;
        return await FindLineAsync("/etc/group", group, cancellationToken) is { Length: > 2 } fields && TryParseId(fields[2], out id)
            ? id
            : throw LayerErrors.UnknownUser(location, "group", group, "/etc/group");
    }

    private async Task<string[]?> FindLineAsync(string file, string name, CancellationToken cancellationToken) =>
        (await _readText(file, cancellationToken))
            .Split('\n')
            .Select(line => line.TrimEnd('\r').Split(':'))
            .FirstOrDefault(fields => fields[0] == name);

    // Root exists in every image, with or without a user database.
    private static bool TryParseId(string text, out int id)
    {
        id = 0;
        return text == "root" || int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out id);
    }
}
