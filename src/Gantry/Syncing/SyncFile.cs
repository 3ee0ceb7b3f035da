using Gantry.Copying;
using Gantry.IO;
using Gantry.Oci;

namespace Gantry.Syncing;

/// <summary>A file that says which images are copied where: in Gantry's own format, or in that of regsync.</summary>
public sealed record SyncFile
{
    /// <summary>The highest number of entries that are copied at the same time.</summary>
    internal const int HighestParallelism = 32;

    /// <summary>The name of the file, for messages.</summary>
    public required string Name { get; init; }

    /// <summary>The images and repositories to copy.</summary>
    public required IReadOnlyList<SyncEntry> Entries { get; init; }

    /// <summary>What the file asks for and is ignored.</summary>
    public IReadOnlyList<GantryException> Warnings { get; init; } = [];

    /// <summary>The credentials in the file, which come before those of this machine.</summary>
    public IReadOnlyList<SyncCredential> Credentials { get; init; } = [];

    /// <summary>Hosts, with their ports, that are accessed without TLS.</summary>
    public IReadOnlyList<string> PlainHttpHosts { get; init; } = [];

    /// <summary>True to use the credentials of this machine, too.</summary>
    public bool UsesMachineCredentials { get; init; } = true;

    /// <summary>The number of entries that are copied at the same time.</summary>
    public int Parallel { get; init; } = 4;

    /// <summary>Reads a file. Throws <c>GAN4150</c> to <c>GAN4153</c> and <c>GAN4156</c> when it cannot be used.</summary>
    /// <param name="path">The path.</param>
    /// <param name="variable">The environment variables that secrets are read from.</param>
    /// <param name="cancellationToken">Cancels the operation.</param>
    public static async Task<SyncFile> ReadFileAsync(string path, Func<string, string?> variable, CancellationToken cancellationToken)
    {
        try
        {
            if (new FileInfo(path) is { Exists: true, Length: > Limits.RecordBytes })
                throw SyncErrors.Malformed(path, 0, $"it is larger than {Format.Bytes(Limits.RecordBytes)}");
            var bytes = await RegularFile.ReadAllBytesAsync(path, cancellationToken);
            using var reader = new StreamReader(new MemoryStream(bytes));
            return Read(await reader.ReadToEndAsync(cancellationToken), path, variable);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw SyncErrors.Malformed(path, 0, exception.Message.TrimEnd('.'), exception);
        }
    }

    /// <summary>Reads the text of a file.</summary>
    /// <param name="text">The text.</param>
    /// <param name="name">The name of the file, for messages.</param>
    /// <param name="variable">The environment variables that secrets are read from.</param>
    public static SyncFile Read(string text, string name, Func<string, string?> variable)
    {
        var root = SyncNode.Read(text, name);
        var fields = SyncFields.Of(root, name);
        return fields.Has("sync") ? new RegsyncReader(name, variable).Read(SyncFields.Of(root, name)) : new SyncReader(name).Read(fields);
    }
}

/// <summary>An image or a repository to copy to several targets.</summary>
public sealed record SyncEntry
{
    /// <summary>The line of the file.</summary>
    public required long Line { get; init; }

    /// <summary>The source: an image with its tag or digest, or a repository.</summary>
    public required ImageLocation Source { get; init; }

    /// <summary>The targets.</summary>
    public required IReadOnlyList<ImageLocation> Targets { get; init; }

    /// <summary>The tags of a repository; null for a single image.</summary>
    public TagFilter? Tags { get; init; }

    /// <summary>The parts that are copied.</summary>
    public CopyOptions Options { get; init; } = new();

    /// <summary>The reason for moving tags that exist with another digest; null refuses to move them.</summary>
    public string? MoveTagReason { get; init; }
}

/// <summary>A credential in a file. It is never shown.</summary>
/// <param name="Host">The host, with its port.</param>
/// <param name="UserName">The name of the user; null for a token.</param>
/// <param name="Secret">The password, or the token.</param>
public sealed record SyncCredential(string Host, string? UserName, string Secret)
{
    /// <inheritdoc/>
    public override string ToString() => $"credential of {Host}";
}
