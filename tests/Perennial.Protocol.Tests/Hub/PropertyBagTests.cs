using CsCheck;
using Perennial.Protocol.Hub;

namespace Perennial.Protocol.Tests.Hub;

public sealed class PropertyBagTests
{
    [Fact]
    public void A_captured_bag_is_read()
    {
        var bag = Parse("%24.mid=a%20b%2Fc&%24.ct=application%2Fjson&%24.ce=utf-8&p%201=v%26%3D%C3%BC");
        Assert.Equal("a b/c", bag[SystemProperty.MessageId]);
        Assert.Equal("application/json", bag[SystemProperty.ContentType]);
        Assert.Equal("utf-8", bag[SystemProperty.ContentEncoding]);
        Assert.Equal("v&=ü", Assert.Single(bag.Application, p => p.Key == "p 1").Value);
        Assert.Equal(3, bag.System.Count);
    }

    [Theory]
    [InlineData("k", "k", null)]
    [InlineData("k=", "k", "")]
    [InlineData("k=v", "k", "v")]
    [InlineData("k=a=b", "k", "a=b")]
    [InlineData("k=a+b", "k", "a+b")]
    [InlineData("?k=v/", "k", "v")]
    [InlineData("k=%FF%", "k", "%FF%")]
    [InlineData("&&k=v&", "k", "v")]
    [InlineData("k=1&k=v", "k", "v")]
    [InlineData("%24.future=v", "$.future", "v")]
    public void A_value_has_three_forms(string text, string key, string? value)
    {
        var property = Assert.Single(Parse(text).Application);
        Assert.Equal((key, value), (property.Key, property.Value));
    }

    [Theory]
    [InlineData("")]
    [InlineData("?")]
    [InlineData("/")]
    public void An_empty_bag_holds_nothing(string text) => Assert.Empty(Parse(text).Application);

    [Theory]
    [InlineData("=v")]
    [InlineData("a=b&=")]
    public void A_property_needs_a_name(string text) => Assert.False(PropertyBag.TryParse(text, out _));

    [Fact]
    public void A_bag_is_bounded()
    {
        Assert.False(PropertyBag.TryParse(string.Join('&', Enumerable.Range(0, MessageProperties.MaxCount + 1)), out _));
        Assert.True(PropertyBag.TryParse(string.Join('&', Enumerable.Range(0, MessageProperties.MaxCount)), out _));
        Assert.False(PropertyBag.TryParse(new string('a', PropertyBag.MaxLength + 1), out _));
    }

    [Fact]
    public void The_size_counts_system_values_and_all_of_the_application()
    {
        var properties = MessageProperties.Empty.With(SystemProperty.MessageId, "1234").With("ü", "x").With("n", null);
        Assert.Equal(4 + 3 + 1, properties.Size());
    }

    [Fact]
    public void What_is_written_is_read()
    {
        var value = Gen.Select(Texts.Unicode, Gen.Bool).Select((text, isNull) => isNull ? null : text);
        var application = Gen.Dictionary(Texts.Unicode.Where(key => key.Length > 0 && SystemProperty.FindByBagKey(key) is null), value)[0, 8];
        var system = Gen.Dictionary(Gen.OneOf(SystemProperty.All.Select(property => property.Name).ToArray()), value)[0, 8];
        Gen.Select(system, application).Sample((names, others) =>
        {
            var text = PropertyBag.Format(new MessageProperties(names, others));
            Assert.Equal(-1, text.AsSpan().IndexOfAny("/+# "));
            var read = Parse(text);
            return read.System.OrderBy(p => p.Key, StringComparer.Ordinal).SequenceEqual(names.OrderBy(p => p.Key, StringComparer.Ordinal))
                && read.Application.OrderBy(p => p.Key, StringComparer.Ordinal).SequenceEqual(others.OrderBy(p => p.Key, StringComparer.Ordinal));
        });
    }

    [Fact]
    public void No_text_makes_the_parser_throw() => Texts.Any.Sample(text => { _ = PropertyBag.TryParse(text, out _); });

    private static MessageProperties Parse(string text)
    {
        Assert.True(PropertyBag.TryParse(text, out var properties));
        return properties;
    }
}
