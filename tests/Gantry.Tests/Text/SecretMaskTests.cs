using System.Net;
using System.Text;
using System.Text.Json;
using CsCheck;

namespace Gantry.Tests.Text;

public sealed class SecretMaskTests
{
    public static TheoryData<string, string> Forms
    {
        get
        {
            const string secret = "p4ss/w+rd<\"&='s";
            return new()
            {
                { "as it is", secret },
                { "in other case", secret.ToUpperInvariant() },
                { "in an address", Uri.EscapeDataString(secret) },
                { "in HTML", WebUtility.HtmlEncode(secret) },
                { "in JSON", JsonEncodedText.Encode(secret).ToString() },
                { "in base64", Convert.ToBase64String(Encoding.UTF8.GetBytes(secret)) },
                { "with its user", $"robot:{secret}" },
                { "with its user in base64", Convert.ToBase64String(Encoding.UTF8.GetBytes($"robot:{secret}")) },
            };
        }
    }

    [Theory]
    [MemberData(nameof(Forms))]
    public void A_password_is_masked_in_every_form(string form, string text)
    {
        var secrets = new SecretMask();
        secrets.AddPassword("robot", "p4ss/w+rd<\"&='s");

        var masked = secrets.Apply($"denied: {text}!");

        Assert.True(masked.Replace("robot:", "", StringComparison.Ordinal).TrimEnd('!', '=') == "denied: ***", $"{form}: {masked}");
    }

    [Theory]
    [InlineData("the key dev1 is wrong", "the key *** is wrong")]
    [InlineData("devil dev11 xdev1", "devil dev11 xdev1")]
    [InlineData("dev1", "***")]
    public void A_short_secret_is_masked_as_a_word(string text, string masked)
    {
        var secrets = new SecretMask();
        secrets.Add("dev1");

        Assert.Equal(masked, secrets.Apply(text));
    }

    [Fact]
    public void A_password_that_is_too_short_is_masked_with_its_user()
    {
        var secrets = new SecretMask();
        secrets.AddPassword("robot", "a");

        Assert.Equal("a ***", secrets.Apply("a robot:a"));
    }

    [Fact]
    public void A_secret_is_masked_before_a_value_is_cut()
    {
        var secrets = new SecretMask();
        secrets.Add("a-secret-that-is-long");
        DisplayText line = $"{new string('x', DisplayText.MaximumValueLength - 8)}a-secret-that-is-long";

        Assert.DoesNotContain("a-s", line.ToString(secrets), StringComparison.Ordinal);
    }

    [Fact]
    public void Errors_and_their_causes_are_masked_and_keep_what_they_are()
    {
        var secrets = new SecretMask();
        secrets.Add("s3cr3t-value");
        var error = new GantryException(
            "GAN0001", "it says s3cr3t-value", "use s3cr3t-value", new IOException("one", new IOException("s3cr3t-value")))
        {
            Kind = ErrorKind.Refused,
            Actions = [RemedyAction.MoveTag],
        };

        var masked = secrets.Apply(error);

        Assert.Equal("GAN0001: it says ***; use ***.", masked.Message);
        Assert.Equal((error.Kind, error.Actions), (masked.Kind, masked.Actions));
        Assert.DoesNotContain(Format.Causes(masked), cause => cause.Contains("s3cr3t", StringComparison.Ordinal));
        Assert.Same(error, new SecretMask().Apply(error));
    }

    [Fact]
    public void No_secret_is_left_in_any_text() => Gen.Select(Gen.String[8, 30], Gen.String, Gen.String).Sample((secret, before, after) =>
    {
        var secrets = new SecretMask();
        secrets.Add(secret);
        return !secrets.Apply(before + secret + after).Contains(secret, StringComparison.OrdinalIgnoreCase);
    });
}
