using Gantry.Signing;
using Gantry.Testing;

namespace Gantry.Tests.Signing;

public sealed class TrustedKeyTests
{
    private const string Name = "keys/prod/2026.pub";
    private static readonly string s_pem = CreatePem();

    [Fact]
    public void A_key_without_lines_counts_always()
    {
        var key = TrustedKey.Parse(s_pem, Name);

        Assert.Equal((null, null, null), (key.From, key.Until, key.Revoked));
        Assert.True(key.IsValidAt(DateTimeOffset.MinValue));
        Assert.True(key.IsValidAt(DateTimeOffset.MaxValue));
        Assert.Equal(s_pem, key.ToText());
        Assert.Equal(Name, key.Name);
    }

    [Fact]
    public void A_key_counts_from_its_first_time_until_before_its_last()
    {
        var key = TrustedKey.Parse($"# the key of 2026\r\n\r\nUntil: 2027-11-01T12:00:00Z\r\nFrom:2026-11-01\r\n{s_pem}", Name);

        Assert.Equal(Time("2026-11-01T00:00:00Z"), key.From);
        Assert.Equal(Time("2027-11-01T12:00:00Z"), key.Until);
        Assert.Equal(
            [false, true, true, false],
            ((IEnumerable<string>)["2026-10-31T23:59:59Z", "2026-11-01T00:00:00Z", "2027-11-01T11:59:59Z", "2027-11-01T12:00:00Z"])
                .Select(time => key.IsValidAt(Time(time))));
    }

    [Fact]
    public void A_time_is_in_UTC_wherever_the_machine_is()
    {
        var key = TrustedKey.Parse("From: 2026-11-01\n" + s_pem, Name);

        Assert.Equal(TimeSpan.Zero, key.From!.Value.Offset);
    }

    [Fact]
    public void A_revoked_key_never_counts()
    {
        var key = TrustedKey.Parse("From: 2026-11-01\nRevoked: it was stolen: on 2026-12-24\n" + s_pem, Name);

        Assert.Equal("it was stolen: on 2026-12-24", key.Revoked);
        Assert.False(key.IsValidAt(Time("2026-11-02T00:00:00Z")));
    }

    [Fact]
    public void A_key_is_read_from_what_it_writes()
    {
        var key = TrustedKey.Parse(s_pem, Name) with
        {
            From = Time("2026-11-01T00:00:00Z"),
            Until = Time("2027-11-01T12:30:05Z"),
            Revoked = "a reason",
        };

        Assert.Equal(key, TrustedKey.Parse(key.ToText(), Name));
        Assert.StartsWith(
            "From: 2026-11-01\nUntil: 2027-11-01T12:30:05Z\nRevoked: a reason\n-----BEGIN", key.ToText(), StringComparison.Ordinal);
    }

    [OpenSslFact]
    public async Task Openssl_reads_the_same_file()
    {
        using var folder = new TempFolder();
        var file = folder.Write("key.pub", System.Text.Encoding.ASCII.GetBytes("From: 2026-11-01\nRevoked: a reason\n" + s_pem));

        var result = await ChildProcess.RunAsync(RequiredProgram.OpenSsl.RequirePath(), ["pkey", "-pubin", "-in", file]);

        Assert.Equal(s_pem, result.EnsureSuccess().Output);
    }

    [Theory]
    [InlineData("From: 2026-11-01\nFrom: 2026-11-02\n", "two lines 'From'")]
    [InlineData("From: 1.11.2026\n", "'1.11.2026'")]
    [InlineData("From: 2026-13-01\n", "'2026-13-01'")]
    [InlineData("From: 2026-11-01T12:00:00\n", "2026-11-01T12:00:00")]
    [InlineData("From: 2026-11-01T12:00:00+01:00\n", "+01:00")]
    [InlineData("From:\n", "''")]
    [InlineData("Until\n", "''")]
    [InlineData("Revoked:\n", "why")]
    [InlineData("Revoked\n", "why")]
    [InlineData("from: 2026-11-01\n", "'from: 2026-11-01'")]
    [InlineData("Expires: 2026-11-01\n", "Expires")]
    [InlineData("something\n", "'something'")]
    public void A_line_that_is_none_of_the_three_is_an_error(string lines, string reason)
    {
        var error = SampleKeys.Fails("GAN4222", () => TrustedKey.Parse(lines + s_pem, Name));

        Assert.Contains(Name, error.Problem, StringComparison.Ordinal);
        Assert.Contains(reason, error.Problem, StringComparison.Ordinal);
    }

    // echo 'Revoked: …' >> keys/prod.pub
    [Theory]
    [InlineData("Revoked: it was stolen\n")]
    [InlineData("-----BEGIN")]
    public void A_line_after_the_key_is_an_error(string lines) =>
        SampleKeys.Fails("GAN4222", () => TrustedKey.Parse(s_pem + lines, Name));

    [Fact]
    public void A_line_after_something_like_a_key_counts()
    {
        var key = TrustedKey.Parse("# -----BEGIN SOMETHING\nRevoked: it was stolen\n" + s_pem, Name);

        Assert.Equal("it was stolen", key.Revoked);
    }

    [Fact]
    public void A_file_without_a_key_is_an_error()
    {
        SampleKeys.Fails("GAN4221", () => TrustedKey.Parse("From: 2026-11-01\n", Name));
        SampleKeys.Fails("GAN4221", () => TrustedKey.Parse("", Name));
    }

    [Fact]
    public async Task The_keys_of_a_folder_are_read_in_the_order_of_their_names()
    {
        using var folder = new TempFolder();
        var pem = System.Text.Encoding.ASCII.GetBytes(s_pem);
        folder.Write("keys/prod/b.pub", pem);
        folder.Write("keys/prod/a.pub", pem);
        folder.Write("keys/prod/private.pem", pem);
        var files = new KeyFiles(folder.Path);

        var keys = await files.ReadFolderAsync("keys/prod", default);

        Assert.Equal(["keys/prod/a.pub", "keys/prod/b.pub"], keys.Select(key => key.Name));
        Assert.Empty(await files.ReadFolderAsync("keys/test", default));
    }

    [Fact]
    public async Task A_file_that_cannot_be_read_is_an_error()
    {
        using var folder = new TempFolder();
        folder.Write("large.pub", new byte[Limits.KeyFileBytes + 1]);
        var files = new KeyFiles(folder.Path);

        await SampleKeys.FailsAsync("GAN4222", () => files.ReadAsync(["missing.pub"], default));
        await SampleKeys.FailsAsync("GAN4222", () => files.ReadAsync(["no/folder.pub"], default));
        await SampleKeys.FailsAsync("GAN4222", () => files.ReadAsync(["large.pub"], default));
    }

    private static DateTimeOffset Time(string text) => DateTimeOffset.Parse(text, System.Globalization.CultureInfo.InvariantCulture);

    private static string CreatePem()
    {
        using var key = SampleKeys.Create();
        return VerificationKey.Of(key, Name).ToPem();
    }
}
