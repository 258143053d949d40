using CsCheck;
using Perennial.Protocol.Provisioning;

namespace Perennial.Protocol.Tests.Provisioning;

public sealed class ProvisioningUserNameTests
{
    [Theory]
    [InlineData("0neX/registrations/dev-01/api-version=2019-03-31&ClientVersion=azure-iot-provisioning-device%2F1.9.x", "azure-iot-provisioning-device/1.9.x")]
    [InlineData("0neX/registrations/dev-01/api-version=2019-03-31&ClientVersion=x/1.0 (a; b/c)", "x/1.0 (a; b/c)")]
    [InlineData("0neX/REGISTRATIONS/dev-01/ClientVersion=1.15&api-version=2019-03-31", "1.15")]
    [InlineData("0neX/registrations/dev-01/api-version=2019-03-31", null)]
    [InlineData("0neX/registrations/dev-01/?api-version=2019-03-31", null)]
    public void Every_client_is_understood(string text, string? clientVersion)
    {
        Assert.True(ProvisioningUserName.TryParse(text, out var name));
        Assert.Equal(("0neX", "dev-01", "2019-03-31"), (name.IdScope, name.RegistrationId.Value, name.ApiVersion));
        Assert.Equal(clientVersion, name.ClientVersion);
        Assert.True(ProvisioningUserName.LooksLikeOne(text));
    }

    [Fact]
    public void A_missing_version_is_told()
    {
        Assert.True(ProvisioningUserName.TryParse("0neX/registrations/dev-01", out var name));
        Assert.False(ApiVersion.IsAccepted(name.ApiVersion));
        Assert.True(ApiVersion.IsAccepted("2018-11-01"));
        Assert.True(ApiVersion.IsAccepted("2099-01-01-preview"));
    }

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData("0neX")]
    [InlineData("/registrations/dev-01/api-version=1")]
    [InlineData("0neX/registration/dev-01/api-version=1")]
    [InlineData("0neX/registrations//api-version=1")]
    [InlineData("0neX/registrations/dev 01/api-version=1")]
    public void Another_shape_is_refused(string? text) => Assert.False(ProvisioningUserName.TryParse(text, out _));

    [Theory]
    [InlineData("hub.example/dev1/?api-version=2021-04-12")]
    [InlineData("hub.example/registrations")]
    [InlineData("hub.example/registrations/")]
    [InlineData("hub.example/registrations/?api-version=2021-04-12")]
    [InlineData("hub.example/registrations/api-version=2016-11-14")]
    [InlineData("registrations/x")]
    [InlineData("")]
    [InlineData(null)]
    public void A_hub_user_name_does_not_look_like_one(string? text) => Assert.False(ProvisioningUserName.LooksLikeOne(text));

    [Fact]
    public void What_is_written_is_read() =>
        Texts.Unicode.Where(text => text.Length < 100).Sample(agent =>
        {
            Assert.True(RegistrationId.TryParse("dev-01", out var id));
            return ProvisioningUserName.TryParse(ProvisioningUserName.Format("0ne1", id, agent), out var name)
                && name.RegistrationId == id
                && name.ClientVersion == agent;
        });

    [Fact]
    public void No_text_makes_the_parser_throw() => Texts.After("s/registrations/", "s/registrations/d/").Sample(text =>
    {
        _ = ProvisioningUserName.TryParse(text, out _);
        _ = ProvisioningUserName.LooksLikeOne(text);
    });
}
