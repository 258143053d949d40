using Perennial.Architecture.Tests.Rules;

namespace Perennial.Architecture.Tests;

public sealed class MethodTests
{
    [Fact]
    public void Every_method_keeps_within_its_lines() => Finding.AssertNone(Repository.Sources.SelectMany(MethodRules.Lines));

    [Fact]
    public void Nineteen_of_twenty_product_methods_have_at_most_forty_lines()
    {
        var lengths = Repository.Product.SelectMany(MethodRules.Lengths).Order().ToArray();
        Assert.True(lengths.Length == 0 || lengths[lengths.Length * 95 / 100] <= 40, $"one method in twenty has over {lengths[lengths.Length * 95 / 100]} lines; name its steps");
    }

    [Fact]
    public void No_method_nests_too_deep() => Finding.AssertNone(Repository.Sources.SelectMany(MethodRules.Nesting));

    [Theory]
    [InlineData(MethodRules.MaxLines, 0)]
    [InlineData(MethodRules.MaxLines + 1, 1)]
    public void A_method_over_its_lines_is_found(int lines, int expected)
    {
        var body = string.Concat(Enumerable.Repeat("M();\n", lines - 2));
        Assert.Equal(expected, MethodRules.Lines(Sample.Of($"class A {{\nvoid M() {{\n{body}}}\n}}")).Count());
    }

    [Theory]
    [InlineData("if (a) { for (;;) { while (b) { M(); } } }", 0)]
    [InlineData("if (a) { for (;;) { while (b) { try { M(); } finally { } } } }", 1)]
    [InlineData("if (a) { } else if (b) { } else if (c) { } else if (d) { for (;;) { lock (e) { } } }", 0)]
    [InlineData("if (a) { for (;;) { while (b) { void N() { if (c) { } } } } }", 0)]
    [InlineData("if (a) { for (;;) { while (b) { X(() => { if (c) { } }); } } }", 1)]
    [InlineData("using (a) using (b) using (c) using (d) { foreach (var e in f) { } }", 0)]
    public void A_block_too_deep_is_found(string body, int expected) =>
        Assert.Equal(expected, MethodRules.Nesting(Sample.Of($"class A {{ void M() {{ {body} }} }}")).Count());

    [Fact]
    public void Top_level_statements_are_measured_too() =>
        Assert.Single(MethodRules.Nesting(Sample.Of("if (a) { if (b) { if (c) { if (d) { } } } }")));
}
