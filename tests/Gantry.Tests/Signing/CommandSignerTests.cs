using System.Security.Cryptography;
using System.Text;
using Gantry.Signing;
using Gantry.Testing;
using Microsoft.Extensions.Time.Testing;

namespace Gantry.Tests.Signing;

public sealed class CommandSignerTests : IDisposable
{
    private readonly TempFolder _folder = new();
    private readonly ECDsa _key = SampleKeys.Create();

    public CommandSignerTests()
    {
        _folder.Write("key.pem", Encoding.ASCII.GetBytes(_key.ExportPkcs8PrivateKeyPem() + "\n"));
        _folder.Write("key.pub", Encoding.ASCII.GetBytes(_key.ExportSubjectPublicKeyInfoPem() + "\n"));
    }

    public void Dispose()
    {
        _key.Dispose();
        _folder.Dispose();
    }

    [OpenSslFact]
    public async Task Openssl_signs()
    {
        var signer = Signer("""
            case "$1" in
            public-key) openssl pkey -in key.pem -pubout ;;
            sign)
                read -r digest
                printf '%b' "$(printf '%s' "$digest" | sed 's/../\\x&/g')" > digest
                [ "$(wc -c < digest)" -eq 32 ] || exit 9
                openssl pkeyutl -sign -inkey key.pem -in digest | openssl base64 ;;
            esac
            """, shell: "bash");

        var signature = await signer.SignAsync(SampleKeys.Digest, default);

        Assert.True(_key.VerifyHash(SampleKeys.Digest, signature.Span, DSASignatureFormat.Rfc3279DerSequence));
        Assert.Equal(VerificationKey.Of(_key, "the key"), await signer.GetPublicKeyAsync(default));
    }

    [UnixFact]
    public async Task The_program_gets_the_digest_and_its_arguments()
    {
        var signer = Signer(
            "printf '%s|' \"$@\" >> arguments; case \"$3\" in public-key) cat key.pub ;; sign) cat > input; cat signature ;; esac",
            arguments: "'two words' '$HOME'");
        WriteSignature(_key);

        await signer.SignAsync(SampleKeys.Digest, default);
        await signer.SignAsync(SampleKeys.Digest, default);

        Assert.Equal(Convert.ToHexStringLower(SampleKeys.Digest) + "\n", Read("input"));
        Assert.Equal("two words|$HOME|public-key|two words|$HOME|sign|two words|$HOME|sign|", Read("arguments"));
    }

    [UnixFact]
    public async Task A_path_starts_at_the_root()
    {
        _folder.WriteScript("tools/sign.sh", "cat key.pub");

        var key = await Signer(SigningKeyReference.Parse("command:tools/sign.sh")).GetPublicKeyAsync(default);

        Assert.Equal(VerificationKey.Of(_key, "the key"), key);
    }

    [UnixFact]
    public async Task A_signature_of_another_key_is_refused()
    {
        using var other = SampleKeys.Create();
        WriteSignature(other);

        await SampleKeys.FailsAsync("GAN4227", () => Signer(Canned).SignAsync(SampleKeys.Digest, default));
    }

    [UnixTheory]
    [InlineData("")]
    [InlineData("\n")]
    [InlineData("signed!")]
    [InlineData("3045")]
    public async Task Another_output_than_a_signature_is_refused(string output)
    {
        _folder.Write("signature", Encoding.ASCII.GetBytes(output));

        var error = await Assert.ThrowsAsync<GantryException>(() => Signer(Canned).SignAsync(SampleKeys.Digest, default));

        Assert.Equal(output == "3045" ? "GAN4227" : "GAN4226", error.Code);
    }

    [UnixTheory]
    [InlineData("echo not a key", "GAN4221")]
    [InlineData("cat key.pem", "GAN4221")]
    [InlineData("true", "GAN4221")]
    public Task Another_output_than_a_public_key_is_refused(string script, string code) =>
        SampleKeys.FailsAsync(code, () => Signer(script).GetPublicKeyAsync(default));

    [UnixFact]
    public async Task A_failure_has_the_last_line_of_the_error_output()
    {
        var signer = Signer("echo first >&2; printf 'the token is \\033[31mlocked ##vso[task.complete]\\n\\n' >&2; exit 3");

        var error = await SampleKeys.FailsAsync("GAN4226", () => signer.GetPublicKeyAsync(default));

        Assert.Contains("the token is \\x1b[31mlocked # #vso[task.complete]", error.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("first", error.Message, StringComparison.Ordinal);
        Assert.Contains("'public-key'", error.Message, StringComparison.Ordinal);
    }

    [UnixFact]
    public async Task A_failure_without_a_word_has_the_exit_code() =>
        Assert.Contains(
            "code 3",
            (await SampleKeys.FailsAsync("GAN4226", () => Signer("exit 3").GetPublicKeyAsync(default))).Message,
            StringComparison.Ordinal);

    [UnixFact]
    public async Task A_failure_leaves_the_next_call_a_chance()
    {
        var signer = Signer("[ -e ready ] || exit 1; cat key.pub");
        await SampleKeys.FailsAsync("GAN4226", () => signer.GetPublicKeyAsync(default));
        _folder.Write("ready", "x"u8);

        Assert.Equal(VerificationKey.Of(_key, "the key"), await signer.GetPublicKeyAsync(default));
    }

    [UnixFact]
    public async Task An_endless_output_is_refused_and_the_program_killed()
    {
        var error = await SampleKeys.FailsAsync("GAN4226", () => Signer("yes").GetPublicKeyAsync(default));

        Assert.Contains(nameof(Limits.SigningCommandLength), error.Message, StringComparison.Ordinal);
    }

    [UnixFact]
    public async Task A_long_error_output_is_read_to_its_end()
    {
        var signer = Signer("head -c 1000000 /dev/zero | tr '\\0' 'x' >&2; echo >&2; echo the end >&2; exit 1");

        var error = await SampleKeys.FailsAsync("GAN4226", () => signer.GetPublicKeyAsync(default));

        Assert.Contains(": the end;", error.Message, StringComparison.Ordinal);
    }

    [UnixFact]
    public async Task A_program_that_does_not_read_its_input_is_no_error()
    {
        WriteSignature(_key);

        var signature = await Signer("exec <&-; " + Canned).SignAsync(SampleKeys.Digest, default);

        Assert.True(_key.VerifyHash(SampleKeys.Digest, signature.Span, DSASignatureFormat.Rfc3279DerSequence));
    }

    [UnixFact]
    public async Task A_cancelled_program_is_killed_with_what_it_started()
    {
        using var stop = new CancellationTokenSource();
        await CreatePipeAsync();
        var running = Signer(Hanging).GetPublicKeyAsync(stop.Token);
        using var alive = await OpenPipeAsync();

        await stop.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => running);
        Assert.Equal("", await alive.ReadToEndAsync());
    }

    [UnixFact]
    public async Task A_program_that_does_not_end_is_killed_with_what_it_started()
    {
        var time = new FakeTimeProvider();
        await CreatePipeAsync();
        var running = Signer(Hanging, time: time).GetPublicKeyAsync(default);
        using var alive = await OpenPipeAsync();

        time.Advance(Limits.NoProgress);

        var error = await SampleKeys.FailsAsync("GAN4226", () => running);
        Assert.Contains("did not end within 2 minutes", error.Message, StringComparison.Ordinal);
        Assert.Equal("", await alive.ReadToEndAsync());
    }

    [Fact]
    public async Task A_missing_program_is_reported()
    {
        var error = await SampleKeys.FailsAsync(
            "GAN4079", () => Signer(SigningKeyReference.Parse("command:no-such-signer --pin 1234")).GetPublicKeyAsync(default));

        Assert.Contains("no-such-signer", error.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("1234", error.Message, StringComparison.Ordinal);
    }

    [UnixFact]
    public async Task A_file_that_is_not_a_program_is_reported()
    {
        _folder.Write("tools/sign.txt", "x"u8);

        var error = await SampleKeys.FailsAsync(
            "GAN4079", () => Signer(SigningKeyReference.Parse("command:tools/sign.txt")).GetPublicKeyAsync(default));

        Assert.Contains("cannot be started", error.Message, StringComparison.Ordinal);
    }

    private const string Canned = "case \"$1\" in public-key) cat key.pub ;; sign) cat signature ;; esac";

    // The pipe is open for writing as long as the script or the program that it has started lives.
    private const string Hanging = "exec 3> alive; echo started >&3; tail -f /dev/null & wait";

    private CommandSigner Signer(string script, string shell = "sh", string arguments = "", TimeProvider? time = null)
    {
        _folder.Write("sign.sh", Encoding.UTF8.GetBytes(script + "\n"));
        return Signer(SigningKeyReference.Parse($"command:{shell} sign.sh {arguments}"), time);
    }

    private CommandSigner Signer(SigningKeyReference command, TimeProvider? time = null) => new(
        (CommandKeyReference)command, new CommandSignerOptions { Folder = _folder.Path, TimeProvider = time ?? TimeProvider.System });

    private void WriteSignature(ECDsa key) => _folder.Write(
        "signature",
        Encoding.ASCII.GetBytes(Convert.ToBase64String(key.SignHash(SampleKeys.Digest, DSASignatureFormat.Rfc3279DerSequence))));

    private string Read(string file) => File.ReadAllText(_folder.Combine(file));

    private async Task CreatePipeAsync() => (await ChildProcess.RunAsync("mkfifo", [_folder.Combine("alive")])).EnsureSuccess();

    // Opening it waits for the script to open it, too.
    private async Task<StreamReader> OpenPipeAsync()
    {
        var pipe = _folder.Combine("alive");
        var reader = new StreamReader(await Task.Run(() => File.OpenRead(pipe)));
        Assert.Equal("started", await reader.ReadLineAsync());
        return reader;
    }
}
