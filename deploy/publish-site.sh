#!/bin/sh
# Copies the published site to a static host or an object store: the whole site, or nothing.
#   publish-site.sh HOME /var/www/self-evaluation              a folder of this machine
#   publish-site.sh HOME server:/var/www/self-evaluation       a folder of another one, by ssh
#   publish-site.sh HOME rclone:remote:bucket/self-evaluation  an object store, by rclone
# A folder gets `sites/<release>` and the link `current`, which a web server serves and one rename switches.
# An object store has no links: `index.html` there sends readers to `sites/<release>/`, and is the last object written.
set -eu
home=${1:?"usage: publish-site.sh HOME TARGET"} target=${2:?"usage: publish-site.sh HOME TARGET"}
kept=3

# The release is resolved once: a run may publish another one meanwhile.
release=$(basename "$(readlink "$home/warehouse/published")")
site=$home/warehouse/releases/$release/site
[ -f "$site/index.html" ] || { echo "$site is not whole. Run: selfeval releases --verify" >&2; exit 1; }

case $target in
rclone:*)
    target=${target#rclone:}
    rclone copy --checksum "$site" "$target/sites/$release"
    rclone check --one-way "$site" "$target/sites/$release"
    rclone rcat "$target/index.html" <<PAGE
<!doctype html><meta charset="utf-8"><title>Self-evaluation</title>
<meta http-equiv="refresh" content="0; url=sites/$release/index.html">
<a href="sites/$release/index.html">Self-evaluation</a>
PAGE
    rclone lsf --dirs-only "$target/sites" | sort -r | tail -n +$((kept + 1)) | while read -r old; do
        [ "$old" = "$release/" ] || rclone purge "$target/sites/$old"
    done
    echo "Published $release at $target."
    exit ;;
/*) there() { sh -euc "$1"; }; folder=$target ;;
*:*) there() { ssh "${target%%:*}" "set -eu; $1"; }; folder=${target#*:} ;;
*) echo "The target is neither an absolute path nor host:path nor rclone:remote:path." >&2; exit 2 ;;
esac

# A folder gets its name when it is whole. An interrupted copy is replaced by the next one.
new=$folder/.new-$release
files=$(find "$site" -type f | wc -l)
tar -cf - --mode=u=rwX,go=rX -C "$site" . | there "
    umask 022
    rm -rf '$new'
    mkdir -p '$folder/sites' '$new'
    tar -xf - -C '$new'
    [ \"\$(find '$new' -type f | wc -l)\" -eq $files ] || { echo 'The copy is not whole. Nothing has changed.' >&2; exit 1; }
    [ -d '$folder/sites/$release' ] || mv '$new' '$folder/sites/$release'
    rm -rf '$new' '$folder/.current'
    ln -s 'sites/$release' '$folder/.current'
    mv -T '$folder/.current' '$folder/current'
    cd '$folder/sites'
    ls -1 | sort -r | tail -n +$((kept + 1)) | while read -r old; do
        [ \"\$old\" = '$release' ] || rm -rf \"\$old\"
    done
"
echo "Published $release at $target."
