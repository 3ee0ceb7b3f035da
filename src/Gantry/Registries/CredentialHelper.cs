using System.ComponentModel;
using System.Diagnostics;
using System.Text.Json;

namespace Gantry.Registries;

/// <summary>
/// Runs Docker's credential helpers: programs named <c>docker-credential-…</c> that receive a registry and print a credential.
/// </summary>
/// <seealso href="https://github.com/docker/docker-credential-helpers#development">docker-credential-helpers</seealso>
internal sealed class CredentialHelper(TimeProvider time)
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(60);

    // The user name that marks the secret as an identity token.
    private const string TokenUser = "<token>";

    /// <summary>Gets the credential for a registry; null when the helper has none.</summary>
    public async Task<RegistryCredential?> GetAsync(string name, string server, CancellationToken cancellationToken)
    {
        var program = ProgramOf(name, server);
        var (exitCode, output) = await RunAsync(program, "get", server, server, cancellationToken);
        if (exitCode == 0)
            return Read(program, server, output);

        // Helpers report only in this way that they have no credential.
        return IsUnknown(output) ? null : throw RegistryErrors.CredentialHelper(program, server, $"it ended with code {exitCode}");
    }

    /// <summary>Stores a credential for a registry.</summary>
    public async Task StoreAsync(string name, string server, PasswordCredential credential, CancellationToken cancellationToken)
    {
        var program = ProgramOf(name, server);
        var input = JsonSerializer.Serialize(
            new StoredCredential { ServerUrl = server, UserName = credential.UserName, Secret = credential.Password },
            DockerConfigJson.Default.StoredCredential);
        var (exitCode, _) = await RunAsync(program, "store", input, server, cancellationToken);
        if (exitCode != 0)
            throw RegistryErrors.HelperRefused(program, server, "store", exitCode);
    }

    /// <summary>Removes the credential for a registry. Returns false when there was none.</summary>
    public async Task<bool> EraseAsync(string name, string server, CancellationToken cancellationToken)
    {
        if (await GetAsync(name, server, cancellationToken) is null)
            return false;
        var program = ProgramOf(name, server);
        var (exitCode, output) = await RunAsync(program, "erase", server, server, cancellationToken);
        return exitCode == 0 ? true
            : IsUnknown(output) ? false
            : throw RegistryErrors.HelperRefused(program, server, "remove", exitCode);
    }

    private static bool IsUnknown(string output) => output.Contains("credentials not found", StringComparison.OrdinalIgnoreCase);

    private static string ProgramOf(string name, string server)
    {
        if (name.AsSpan().ContainsAnyExcept("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789._-"))
            throw RegistryErrors.CredentialHelper("(malformed name)", server, "its name is not a valid program name");
        return $"docker-credential-{name}";
    }

    private async Task<(int ExitCode, string Output)> RunAsync(
        string program, string command, string input, string server, CancellationToken cancellationToken)
    {
        using var limited = new CancellationTokenSource(Limit, time);
        await using var registration = cancellationToken.UnsafeRegister(
            static state => ((CancellationTokenSource)state!).Cancel(), limited);
        try
        {
            return await RunAsync(program, command, input, limited.Token);
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            throw RegistryErrors.CredentialHelper(program, server, $"it did not end within {Format.Duration(Limit)}");
        }
        catch (Win32Exception exception)
        {
            throw RegistryErrors.CredentialHelper(
                program, server, exception.NativeErrorCode == 2 ? "it is not installed" : exception.Message.TrimEnd('.'));
        }
        catch (IOException exception)
        {
            throw RegistryErrors.CredentialHelper(program, server, exception.Message.TrimEnd('.'));
        }
    }

    private static async Task<(int ExitCode, string Output)> RunAsync(
        string program, string command, string input, CancellationToken cancellationToken)
    {
        using var process = new Process();
        process.StartInfo = new ProcessStartInfo(program, [command])
        {
            UseShellExecute = false,
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        process.Start();
        try
        {
            // Its error output may contain secrets: it is read so that the program does not block, and never shown.
            var error = process.StandardError.BaseStream.CopyToAsync(Stream.Null, cancellationToken);
            await WriteAsync(process, input, cancellationToken);
            var output = await ReadAsync(process.StandardOutput, cancellationToken);
            await process.WaitForExitAsync(cancellationToken);
            await error;
            return (process.ExitCode, output);
        }
        finally
        {
            if (!process.HasExited)
            {
                process.Kill(entireProcessTree: true);
                await process.WaitForExitAsync(CancellationToken.None);
            }
        }
    }

    private static async Task WriteAsync(Process process, string input, CancellationToken cancellationToken)
    {
        try
        {
            await process.StandardInput.WriteAsync(input.AsMemory(), cancellationToken);
            process.StandardInput.Close();
        }
        catch (IOException)
        {
            // It ended without reading its input; the exit code shows the error.
        }
    }

    private static async Task<string> ReadAsync(StreamReader reader, CancellationToken cancellationToken)
    {
        var buffer = new char[Limits.CredentialHelperLength];
        var length = await reader.ReadBlockAsync(buffer, cancellationToken);
        return new string(buffer, 0, length);
    }

    private static RegistryCredential? Read(string program, string server, string output)
    {
        try
        {
            var answer = JsonSerializer.Deserialize(output, DockerConfigJson.Default.CredentialHelperResponse);
            if (string.IsNullOrEmpty(answer?.Secret))
                return null;
            return answer.UserName == TokenUser
                ? new RefreshTokenCredential(answer.Secret)
                : new PasswordCredential(answer.UserName ?? "", answer.Secret);
        }
        catch (JsonException)
        {
            throw RegistryErrors.CredentialHelper(program, server, "its response is not JSON");
        }
    }
}
