#!/usr/bin/env bash
# Neon where there is no Arm processor: publishes tests/GraphGen.NativeTests for linux-arm64 with NativeAOT and runs it under QEMU. What the
# sample's network makes of some training steps is compared with the 128-bit path's numbers, which this machine computes. It ends with the
# line "N passed, N failed".
set -uo pipefail
cd "$(dirname "$0")/.."

if [ "$(uname -sm)" != "Linux x86_64" ]; then
    echo "Skipped: Neon is emulated on x64 Linux only, and this is $(uname -sm)."
    exit 0
fi

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

source .ci/needs_package

# Stops with a count where what is to be tested cannot be made: prepare COMMAND...
prepare() {
    "$@" > "$work/log" 2>&1 && return
    cat "$work/log"
    echo "FAILED: $*"
    echo "0 passed, 1 failed"
    exit 1
}

prepare needs_package aarch64-linux-gnu-gcc gcc-aarch64-linux-gnu libc6-dev-arm64-cross
prepare needs_package qemu-aarch64-static qemu-user-static

# NativeAOT calls its linker as it would clang, which one argument tells the target. This linker has but one.
cat > "$work/link" << 'LINK'
#!/usr/bin/env bash
for argument; do
    [[ $argument == --target=* ]] || arguments+=("$argument")
done
exec aarch64-linux-gnu-gcc "${arguments[@]}"
LINK
chmod +x "$work/link"

prepare dotnet publish tests/GraphGen.NativeTests -c Release -r linux-arm64 -p:PublishAot=true -warnaserror -o "$work/neon" \
    -p:CppCompilerAndLinker="$work/link" -p:ObjCopyName=aarch64-linux-gnu-objcopy -p:StripSymbols=false
prepare env DOTNET_EnableAVX2=0 dotnet run -c Release --project tests/GraphGen.NativeTests -- record "$work/reference"

GRAPHGEN_EXPECT_ISA=Neon qemu-aarch64-static -L /usr/aarch64-linux-gnu "$work/neon/GraphGen.NativeTests" check "$work/reference" 2>&1 | tee "$work/log"
status=${PIPESTATUS[0]}

# A program that dies, by touching a guarded page for example, counts no tests.
if [ "$status" -gt 1 ]; then
    echo "FAILED: the test after the last one named ended the program with exit code $status"
    echo "$(grep -c '^passed ' "$work/log") passed, $(($(grep -c '^FAILED ' "$work/log") + 1)) failed"
fi

exit "$status"
