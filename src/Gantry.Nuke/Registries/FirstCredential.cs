using Gantry.Registries;

namespace Gantry.Nuke.Registries;

/// <summary>The credential of the first source that has one.</summary>
internal sealed class FirstCredential(IReadOnlyList<ICredentialSource> sources) : ICredentialSource
{
    public async ValueTask<RegistryCredential?> FindAsync(string host, CancellationToken cancellationToken)
    {
        foreach (var source in sources)
        {
            if (await source.FindAsync(host, cancellationToken) is { } credential)
                return credential;
        }

        return null;
    }

    public void OnRefused(string host)
    {
        foreach (var source in sources)
            source.OnRefused(host);
    }

    public string? Advise(string host, string scopes) =>
        sources.Select(source => source.Advise(host, scopes)).FirstOrDefault(advice => advice is not null);
}
