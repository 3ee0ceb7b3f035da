using Gantry.Signing;

namespace Gantry.Nuke.Signing;

/// <summary>Writes the public keys of signing keys into the repository.</summary>
/// <param name="keys">The keys of the build.</param>
/// <param name="root">The root of the repository.</param>
internal sealed class PublicKeyFiles(SigningKeys keys, AbsolutePath root)
{
    /// <summary>
    /// Writes a file for each named signing key whose public key is not trusted yet. Throws <c>GAN7073</c> when no signing key is named,
    /// and the errors of the signers.
    /// </summary>
    /// <param name="isDryRun">True to write nothing.</param>
    /// <param name="log">Receives what is done.</param>
    /// <param name="cancellationToken">Cancels the operation.</param>
    /// <returns>The number of files that were written, or would be.</returns>
    public async Task<int> WriteAsync(bool isDryRun, Action<string> log, CancellationToken cancellationToken)
    {
        var named = keys.FindAllNamed();
        if (named.Count == 0)
            throw SigningKeyErrors.NoneNamed();
        var written = 0;
        foreach (var (name, signer) in named)
        {
            var key = await signer.GetPublicKeyAsync(cancellationToken);
            var folder = keys.FolderOf(name);
            var trusted = await new KeyFiles(root).ReadFolderAsync(folder, cancellationToken);
            if (trusted.FirstOrDefault(each => each.Key.Equals(key)) is { } there)
            {
                log($"{name}: {there.Name} has the public key of {signer.Description}");
                continue;
            }

            var file = $"{folder}/{key.ShortId}{KeyFiles.Extension}";
            log($"{name}: {(isDryRun ? "would write" : "wrote")} {file}, the public key of {signer.Description}; review and commit it");
            foreach (var earlier in trusted.Where(each => each is { Until: null, Revoked: null }))
                log($"  {earlier.Name} is still trusted: run RenewAttestations, then add a line 'Until: date' or 'Revoked: reason' to it");
            written++;
            if (isDryRun)
                continue;
            Directory.CreateDirectory(root / folder);
            await File.WriteAllTextAsync(root / file, new TrustedKey(key, file).ToText(), cancellationToken);
        }

        return written;
    }
}
