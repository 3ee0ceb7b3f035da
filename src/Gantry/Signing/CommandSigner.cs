using System.Buffers.Text;
using Gantry.Processes;

namespace Gantry.Signing;

/// <summary>
/// Signs with another program: for hardware security modules and for clouds that this library does not know.
/// </summary>
/// <remarks>
/// The program runs without a shell, in the folder of the options, with one more argument:
/// <list type="bullet">
/// <item><c>PROGRAM ARGS… public-key</c> writes the public key to standard output: PEM, one block <c>PUBLIC KEY</c></item>
/// <item><c>PROGRAM ARGS… sign</c> reads the SHA-256 digest from standard input, 64 hexadecimal characters and a line feed, and writes
/// the signature of this digest to standard output: <c>ECDSA-Sig-Value</c> in DER (RFC 3279, section 2.2.3), in base64</item>
/// </list>
/// It may run several times at once. An exit code other than 0 is a failure, and the last line of standard error its reason. Each signature
/// is verified before it is returned.
/// </remarks>
/// <param name="command">The program and its arguments.</param>
/// <param name="options">The options.</param>
public sealed class CommandSigner(CommandKeyReference command, CommandSignerOptions options) : ISigner
{
    private VerificationKey? _publicKey;

    /// <inheritdoc/>
    /// <remarks>Without the arguments, which may contain what is not for a log.</remarks>
    public string Description { get; } = $"the signing command {command.Program}";

    /// <inheritdoc/>
    /// <exception cref="GantryException"><c>GAN4079</c>: the program cannot be started; <c>GAN4221</c>: it writes something else than a
    /// public key of the curve P-256; <c>GAN4226</c>: it fails.</exception>
    public async Task<VerificationKey> GetPublicKeyAsync(CancellationToken cancellationToken)
    {
        if (_publicKey is { } known)
            return known;
        var key = VerificationKey.Parse(await RunAsync("public-key", "", cancellationToken), Description);

        // Of two callers at the same time, both get the key of the first one.
        return Interlocked.CompareExchange(ref _publicKey, key, null) ?? key;
    }

    /// <inheritdoc/>
    /// <exception cref="GantryException">Those of <see cref="GetPublicKeyAsync"/>; <c>GAN4226</c>: it writes something else than base64;
    /// <c>GAN4227</c>: the signature is not of this digest by its key.</exception>
    public async Task<ReadOnlyMemory<byte>> SignAsync(ReadOnlyMemory<byte> digest, CancellationToken cancellationToken)
    {
        var key = await GetPublicKeyAsync(cancellationToken);
        var output = await RunAsync("sign", Convert.ToHexStringLower(digest.Span) + "\n", cancellationToken);
        if (output.Trim().Length == 0 || !Base64.IsValid(output))
            throw SigningErrors.CommandFailed(Description, "sign", "it writes no signature in base64");
        var signature = Convert.FromBase64String(output);
        key.EnsureVerifies(digest.Span, signature, Description);
        return signature;
    }

    private async Task<string> RunAsync(string action, string input, CancellationToken cancellationToken)
    {
        var folder = Path.GetFullPath(options.Folder);
        var program = new ExternalProgram(ResolveProgram(folder), new Dictionary<string, string?>())
        {
            Input = input,
            OutputLimit = Limits.SigningCommandLength,
        };
        using var limit = new CancellationTokenSource(options.TimeLimit, options.TimeProvider);
        using var both = CancellationTokenSource.CreateLinkedTokenSource(limit.Token, cancellationToken);
        ProgramResult result;
        try
        {
            result = await program.RunAsync(folder, [.. command.Arguments, action], Description, both.Token);
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            throw SigningErrors.CommandFailed(Description, action, $"it did not end within {Format.Duration(options.TimeLimit)}");
        }

        if (result.IsTooLong)
            throw SigningErrors.CommandFailed(
                Description,
                action,
                $"it writes more than {Limits.SigningCommandLength} characters (limit {nameof(Limits.SigningCommandLength)})");
        return result.ExitCode == 0 ? result.Output : throw SigningErrors.CommandFailed(Description, action, result.Reason());
    }

    // A name is looked up on the PATH; the path of a program starts where other paths of the declaration do.
    private string ResolveProgram(string folder) =>
        command.Program.AsSpan().ContainsAny('/', Path.DirectorySeparatorChar)
            ? Path.GetFullPath(command.Program, folder)
            : command.Program;
}

/// <summary>Options for <see cref="CommandSigner"/>.</summary>
public sealed record CommandSignerOptions
{
    /// <summary>The folder in which the program runs, and that its relative path starts at: usually the root of the repository.</summary>
    public string Folder { get; init; } = ".";

    /// <summary>The time after which the program is killed.</summary>
    public TimeSpan TimeLimit { get; init; } = Limits.NoProgress;

    /// <summary>The clock of the time limit.</summary>
    public TimeProvider TimeProvider { get; init; } = TimeProvider.System;
}
