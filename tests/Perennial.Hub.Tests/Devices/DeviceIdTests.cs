using CsCheck;
using Perennial.Hub.Devices;

namespace Perennial.Hub.Tests.Devices;

public sealed class DeviceIdTests
{
    private static readonly Gen<string> Part =
        Gen.String[Gen.Char["ABCxyz019-:.+%_#*?!(),=@;$'"], 1, 12];

    [Theory]
    [InlineData("a")]
    [InlineData("Dev-1:.+%_#*?!(),=@;$'")]
    [InlineData("$edgeAgent")]
    public void An_id_keeps_its_spelling(string text)
    {
        Assert.True(DeviceId.TryParse(text, out var id));
        Assert.Equal(text, id.Value);
    }

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData("a b")]
    [InlineData("a/b")]
    [InlineData("ü")]
    [InlineData("a\0")]
    public void A_text_with_other_characters_is_no_id(string? text) => Assert.False(DeviceId.TryParse(text, out _));

    [Fact]
    public void An_id_has_at_most_128_characters()
    {
        Assert.True(DeviceId.TryParse(new string('a', 128), out _));
        Assert.False(DeviceId.TryParse(new string('a', 129), out _));
    }

    [Fact]
    public void A_module_is_named_below_its_device()
    {
        Assert.True(DeviceId.TryParse("dev", "mod", out var module));
        Assert.Equal(("dev/mod", "dev", "mod", true), (module.Value, module.Device, module.Module, module.IsModule));
        Assert.True(DeviceId.TryParse("dev", out var device));
        Assert.Equal(("dev", "dev", null, false), (device.Value, device.Device, device.Module, device.IsModule));
        Assert.Equal(device, module.Owner);
        Assert.Equal(device, device.Owner);
        Assert.NotEqual(device, module);
    }

    [Fact]
    public void What_names_an_identity_is_read_back() =>
        Gen.Select(Part, Part.Null()).Sample((device, module) =>
        {
            Assert.True(DeviceId.TryParse(device, module, out var id));
            Assert.True(DeviceId.TryParseIdentity(id.Value, out var read));
            Assert.Equal(id, read);
            Assert.Equal((device, module), (read.Device, read.Module));
        });

    [Fact]
    public void The_modules_of_a_device_stand_together_in_order() =>
        Gen.Select(Part, Part, Part).Sample((device, module, other) =>
        {
            Assert.True(DeviceId.TryParse(device, module, out var id));
            Assert.InRange(id.Value, device + "/", device + "0", StringComparer.Ordinal);
            var isBelow = string.CompareOrdinal(other, device + "/") > 0 && string.CompareOrdinal(other, device + "0") < 0;
            Assert.False(isBelow, "no device stands among the modules of another");
        });

    [Theory]
    [InlineData("a/b/c")]
    [InlineData("/b")]
    [InlineData("a/")]
    [InlineData("/")]
    public void A_text_with_other_slashes_names_nothing(string text) => Assert.False(DeviceId.TryParseIdentity(text, out _));

    [Fact]
    public void A_system_id_is_told_by_its_last_part()
    {
        Assert.True(DeviceId.TryParse("dev", "$edgeHub", out var system));
        Assert.True(DeviceId.TryParse("$dev", "mod", out var own));
        Assert.True(system.IsSystem);
        Assert.False(own.IsSystem);
    }

    [Fact]
    public void Ids_are_compared_with_case()
    {
        Assert.True(DeviceId.TryParse("dev", out var lower));
        Assert.True(DeviceId.TryParse("Dev", out var upper));
        Assert.NotEqual(lower, upper);
    }
}
